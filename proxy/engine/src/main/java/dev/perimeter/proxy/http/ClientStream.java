package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/** The way to the upstream of one request. To be called on the connection's event loop only. */
public interface ClientStream {

    void sendData(ByteBuf data, boolean endOfStream);

    void sendTrailers(Headers trailers);

    /** Gives the exchange up; on HTTP/1.1 that closes the connection. No call to the handler comes after it. */
    void reset();

    boolean isWritable();

    void pauseReading(boolean pause);

    /** What waits here for the reader of the response and for the upstream; on HTTP/2 for this stream alone. */
    long bufferedBytes();

    Channel channel();
}
