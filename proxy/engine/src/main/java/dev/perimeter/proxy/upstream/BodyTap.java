package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;

/** Sees the body of a request on its way, e.g. to copy it. Called on the event loop of the request. */
public interface BodyTap {

    /** Does not own {@code data}. */
    void data(ByteBuf data, boolean endOfStream);

    void trailers(Headers trailers);

    /** The request is over; if its end was not seen before, it never will be. */
    void over();
}
