package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.exchange.HttpConnection;
import dev.perimeter.proxy.http.h1.Http1ServerConnection;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Puts the codec that a client speaks into a connection's pipeline. Called on the connection's event loop. */
final class HttpSetup {

    private HttpSetup() {}

    /**
     * Here a client's end of stream means that it is gone, and what is done for it is given up, as Envoy does: nothing on
     * the wire tells a client that only stops sending from one that went away.
     *
     * @param alpn what TLS agreed on, or null
     */
    static void install(
            Channel channel,
            HttpManagerConfig config,
            LiveChain chain,
            Worker worker,
            long number,
            @Nullable String alpn) {
        HttpConnection exchanges = new HttpConnection(worker, channel, number, chain::http);
        Http1ServerConnection codec = new Http1ServerConnection(
                config.limits(),
                config.timeouts(),
                config.protocols().absoluteUrlAllowed(),
                config.protocols().connectAllowed(),
                exchanges);
        channel.pipeline().addLast(codec);
        chain.opened(new OpenConnection.Http(channel, exchanges, codec));
    }
}
