package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Receives one response as it arrives; the other end is {@link ClientStream}. Same order and threading rules as
 * {@link RequestHandler}.
 */
public interface ResponseHandler {

    void onInformational(ResponseHead head);

    void onHead(ResponseHead head, boolean endOfStream);

    /** Ownership of {@code data} passes to the handler. */
    void onData(ByteBuf data, boolean endOfStream);

    void onTrailers(Headers trailers);

    void onReset(StreamReset reason);

    void onWritable();
}
