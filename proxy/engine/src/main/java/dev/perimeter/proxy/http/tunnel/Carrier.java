package dev.perimeter.proxy.http.tunnel;

import io.netty.buffer.ByteBuf;

/** The stream under a {@link StreamChannel}. Called on the event loop of its connection. */
public interface Carrier {

    /** Takes ownership. */
    void send(ByteBuf bytes);

    /** No more comes from this side; what comes from the other is still read. */
    void end();

    /**
     * Nothing is sent or read any more.
     *
     * @param torn the other side must not take what it got for the whole
     */
    void close(boolean torn);

    boolean isWritable();

    /** Stops or resumes delivery to {@link StreamChannel#input()}. */
    void pauseReading(boolean pause);
}
