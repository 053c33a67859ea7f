package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** The way back to the client of one request. To be called on the connection's event loop only. */
public interface ServerStream {

    /** A 1xx reply; any number before the head. */
    void sendInformational(ResponseHead head);

    /** Hop-by-hop fields and framing are the codec's business: it removes what came in and writes its own. */
    void sendHead(ResponseHead head, boolean endOfStream);

    /** Takes ownership of {@code data}. */
    void sendData(ByteBuf data, boolean endOfStream);

    void sendTrailers(Headers trailers);

    /** Ends the exchange so that nobody takes a part for the whole: RST_STREAM, or on HTTP/1.1 the end of the connection. */
    void reset();

    /** False when more bytes wait for the client than the high watermark; stop reading from upstream until {@link RequestHandler#onWritable()}. */
    boolean isWritable();

    /** Stops or resumes delivery of request data, so that a slow upstream slows the client. */
    void pauseReading(boolean pause);

    /** The connection takes no exchanges after those under way (draining); on HTTP/2 that is a GOAWAY. */
    void closeAfterwards();

    /** Whether the stream is all of its connection. */
    boolean ownsConnection();

    /**
     * With a 2xx to CONNECT: from here on there are bytes both ways and no messages. HTTP/1.1 takes the codec out of the
     * pipeline and gives the connection away; HTTP/2 makes a channel of the stream. Bytes that came after the request head
     * are the first thing {@code handler} reads. When it is added, auto-read is off and half-close is allowed; early bytes
     * are read to it without its asking on HTTP/1.1.
     *
     * @return what the bytes pass through
     */
    Channel tunnel(ResponseHead head, ChannelHandler handler);

    /** What waits here for the reader of the request and for the client; on HTTP/2 for this stream alone. */
    long bufferedBytes();

    Channel channel();
}
