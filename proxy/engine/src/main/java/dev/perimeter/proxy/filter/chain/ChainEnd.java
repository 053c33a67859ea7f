package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/** Where one direction of an exchange goes once it has passed all filters. Called on the exchange's event loop. */
public interface ChainEnd<H> {

    void head(H head, boolean endOfStream);

    /** Ownership of {@code data} passes on. */
    void data(ByteBuf data, boolean endOfStream);

    void trailers(Headers trailers);

    /** A filter ended the exchange. */
    void failed(Failure failure);

    /** A filter answers in the upstream's place. */
    void answered(ResponseHead answer, String details);

    /** True: a filter waits, so nothing more should be read for this direction; false: it goes on. */
    void waiting(boolean waits);

    /** A filter wants the content before it lets the head go on. */
    void wantsContent();
}
