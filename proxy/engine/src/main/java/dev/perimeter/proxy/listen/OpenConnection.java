package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.exchange.HttpConnection;
import dev.perimeter.proxy.http.ServerConnection;
import io.netty.channel.Channel;
import java.util.function.Consumer;

/** An accepted connection as its listener keeps it, to be able to end it well. */
sealed interface OpenConnection {

    Channel channel();

    /** The last reply is to say that it is the last. May be called on any thread. */
    void announceEnd();

    /** Ends as soon as nothing is under way. May be called on any thread. */
    void endWhenIdle();

    record Http(Channel channel, HttpConnection exchanges) implements OpenConnection {
        @Override
        public void announceEnd() {
            exchanges.drain();
            onCodec(ServerConnection::announceEnd);
        }

        @Override
        public void endWhenIdle() {
            onCodec(ServerConnection::drain);
        }

        /** The codec may be found out later than the connection, and leaves when a tunnel takes its place. */
        private void onCodec(Consumer<ServerConnection> action) {
            channel.eventLoop().execute(() -> {
                if (channel.isActive() && channel.pipeline().last() instanceof ServerConnection codec) {
                    action.accept(codec);
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
