package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** The exchange as the upstream side sees it. Called on the exchange's event loop; the order is that of ResponseHandler. */
public interface Downstream {

    void upstreamInformational(ResponseHead head);

    void upstreamHead(ResponseHead head, boolean endOfStream);

    /** Ownership of {@code data} passes on. */
    void upstreamData(ByteBuf data, boolean endOfStream);

    void upstreamTrailers(Headers trailers);

    /** No answer will come, or no more of it. Nothing is called after this. */
    void upstreamFailed(Failure failure);

    /** False: stop reading from the client, the upstream is slow or not connected yet. */
    void upstreamTakesData(boolean takes);

    /**
     * How long the whole answer is still waited for, in nanoseconds from now, or from the end of the request if that is
     * not there yet; {@code Long.MAX_VALUE} for as long as it takes.
     */
    long remainingNanos();
}
