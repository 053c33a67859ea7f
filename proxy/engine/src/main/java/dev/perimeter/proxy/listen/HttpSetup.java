package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.exchange.HttpConnection;
import dev.perimeter.proxy.http.h1.Http1ServerConnection;
import dev.perimeter.proxy.http.h2.Http2ServerConnection;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts the codec that a client speaks into a connection's pipeline. Called on the connection's event loop. */
final class HttpSetup {

    private HttpSetup() {}

    /** @param alpn what TLS agreed on, or null */
    static void install(
            Channel channel,
            HttpManagerConfig config,
            LiveChain chain,
            Worker worker,
            long number,
            @Nullable String alpn) {
        HttpConnection exchanges = new HttpConnection(worker, channel, number, chain::http);
        codec(channel.pipeline(), config, exchanges, alpn);
        OpenConnection.Http open = new OpenConnection.Http(channel, exchanges);
        chain.opened(open);
        limit(open, config.timeouts());
    }

    /** As when its listener drains: what is under way has the drain time to end. */
    private static void limit(OpenConnection.Http open, HttpTimeouts timeouts) {
        if (timeouts.maxConnection().isZero()) {
            return;
        }
        Channel channel = open.channel();
        Future<?> end = channel.eventLoop()
                .schedule(
                        () -> {
                            open.announceEnd();
                            open.endWhenIdle();
                            Future<?> last = channel.eventLoop()
                                    .schedule(
                                            (Runnable) channel::close,
                                            timeouts.drain().toNanos(),
                                            TimeUnit.NANOSECONDS);
                            channel.closeFuture().addListener(closed -> last.cancel(false));
                        },
                        timeouts.maxConnection().toNanos(),
                        TimeUnit.NANOSECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }

    private static void codec(
            ChannelPipeline pipeline, HttpManagerConfig config, HttpConnection exchanges, @Nullable String alpn) {
        Codec codec = config.protocols().codec();
        if (codec == Codec.AUTO && alpn != null) {
            codec = alpn.equals("h2") ? Codec.HTTP2 : Codec.HTTP1;
        }
        switch (codec) {
            case HTTP1 -> pipeline.addLast(http1(config, exchanges));
            case HTTP2 -> pipeline.addLast(http2(config, exchanges));
            case AUTO -> {
                Http1ServerConnection http1 = http1(config, exchanges);
                pipeline.addLast(
                        new PrefaceDetector(
                                http1,
                                () -> http2(config, exchanges),
                                config.timeouts().requestHeaders()),
                        http1);
            }
        }
    }

    /**
     * Here a client's end of stream means that it is gone, and what is done for it is given up, as Envoy does: nothing on
     * the wire tells a client that only stops sending from one that went away.
     */
    private static Http1ServerConnection http1(HttpManagerConfig config, HttpConnection exchanges) {
        return new Http1ServerConnection(
                config.limits(),
                config.timeouts(),
                config.protocols().absoluteUrlAllowed(),
                config.protocols().connectAllowed(),
                exchanges);
    }

    private static Http2ServerConnection http2(HttpManagerConfig config, HttpConnection exchanges) {
        return new Http2ServerConnection(
                config.limits(),
                config.timeouts(),
                config.protocols().http2(),
                config.protocols().connectAllowed(),
                exchanges);
    }
}
