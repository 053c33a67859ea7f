package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;

/**
 * Receives one request as it arrives; the other end is {@link ServerStream}. All calls come on the connection's event
 * loop, in the order head, data*, trailers?, and exactly one call has {@code endOfStream} true or is {@link #onTrailers};
 * or {@link #onReset} ends it early. No call comes after the end.
 */
public interface RequestHandler {

    void onHead(RequestHead head, boolean endOfStream);

    /** Ownership of {@code data} passes to the handler. */
    void onData(ByteBuf data, boolean endOfStream);

    void onTrailers(Headers trailers);

    /** The client went away, broke the protocol in mid-body, or was too slow. Nothing more can be sent if {@code reason.connectionGone()}. */
    void onReset(StreamReset reason);

    /** The way to the client has room again after {@link ServerStream#isWritable()} was false. */
    void onWritable();
}
