package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;

/**
 * One direction of an exchange, for a filter that does more than answer its hooks. Each call says who calls, since what
 * happens next depends on the filter's place in the chain: such a filter is an object of its own for each exchange. To be
 * used on the exchange's event loop. Calls after the end of the exchange do nothing.
 */
public interface Flow {

    /** Ends a {@link Verdict#LATER} or {@link Verdict#HOLD} of this filter, which then has answered {@code verdict}. */
    void resume(HttpFilter filter, Verdict verdict);

    /** Sends data on as if it came from this filter; takes ownership. Not before the head went on. */
    void inject(HttpFilter filter, ByteBuf data, boolean endOfStream);

    /** Ends the direction with trailers as if they came from this filter. */
    void injectTrailers(HttpFilter filter, Headers trailers);

    /** Whether what is behind this filter takes data now; what is injected nonetheless is kept, without bound. */
    boolean takes(HttpFilter filter);
}
