package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * One step of the chain, alive for one exchange. Called on the exchange's event loop only; must never block. Request
 * hooks run in the order of the chain, response hooks in the reverse order. Heads and trailers may be changed in place.
 * Data belongs to the chain: a filter may look at it, and whoever wants to keep it retains it. A reply that the proxy
 * makes itself passes the response hooks of all filters like any other, of such too as never saw the request; unless a
 * response hook asked for it.
 */
public interface HttpFilter {

    default Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
        return Verdict.NEXT;
    }

    default Verdict onRequestData(ByteBuf data, boolean endOfStream, Exchange exchange) {
        return Verdict.NEXT;
    }

    default Verdict onRequestTrailers(Headers trailers, Exchange exchange) {
        return Verdict.NEXT;
    }

    default Verdict onResponseHead(ResponseHead head, boolean endOfStream, Exchange exchange) {
        return Verdict.NEXT;
    }

    default Verdict onResponseData(ByteBuf data, boolean endOfStream, Exchange exchange) {
        return Verdict.NEXT;
    }

    default Verdict onResponseTrailers(Headers trailers, Exchange exchange) {
        return Verdict.NEXT;
    }

    /** Called once when the exchange is over, however it ended; the place to let go of what was held. */
    default void onComplete(Exchange exchange) {}
}
