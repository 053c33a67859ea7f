package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.exchange.HttpConnection;
import dev.perimeter.proxy.http.h1.Http1ServerConnection;
import io.netty.channel.Channel;

/** An accepted connection as its listener keeps it, to be able to end it well. */
sealed interface OpenConnection {

    Channel channel();

    /** The last reply is to say that it is the last. May be called on any thread. */
    void announceEnd();

    /** Ends as soon as nothing is under way. May be called on any thread. */
    void endWhenIdle();

    record Http(Channel channel, HttpConnection exchanges, Http1ServerConnection codec) implements OpenConnection {
        @Override
        public void announceEnd() {
            exchanges.drain();
        }

        @Override
        public void endWhenIdle() {
            channel.eventLoop().execute(() -> {
                if (channel.isActive()) {
                    codec.drain();
                }
            });
        }
    }

    /** Bytes whose meaning we do not know have no good moment to end: they get the whole grace. */
    record Tcp(Channel channel) implements OpenConnection {
        @Override
        public void announceEnd() {}

        @Override
        public void endWhenIdle() {}
    }
}
