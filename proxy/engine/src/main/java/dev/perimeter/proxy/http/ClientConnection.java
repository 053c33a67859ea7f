package dev.perimeter.proxy.http;

import io.netty.channel.Channel;

/**
 * A connection to an upstream that takes requests, one at a time or many at once. To be called on its event loop only,
 * as its {@link Owner} and its handlers are.
 */
public interface ClientConnection {

    /** Learns what becomes of the connection; usually the pool. */
    interface Owner {

        /** It takes a request again, or more of them than before. Comes after the last call to the handler that ended. */
        void available(ClientConnection connection);

        /** It is gone, in whatever way; called once, after every handler has been told. */
        void closed(ClientConnection connection);
    }

    /** Whether {@link #send} may be called now. */
    boolean hasRoom();

    /** Whether no exchange is under way. */
    boolean isIdle();

    /** Whether it can carry several exchanges at once. */
    boolean isShared();

    /** False as long as the peer may still say how many exchanges it takes at once. */
    boolean isSettled();

    /**
     * Sends the head of a request, and with {@code endOfStream} the whole request.
     *
     * @throws IllegalStateException unless {@link #hasRoom()}
     */
    ClientStream send(RequestHead head, boolean endOfStream, ResponseHandler handler);

    /** Takes no more requests; closes when those under way have ended, which may be now. */
    void retire();

    Channel channel();
}
