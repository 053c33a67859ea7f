package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.exchange.HttpConnection;
import dev.perimeter.proxy.http.h1.Http1ServerConnection;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.TcpRuntime;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.tcp.Relay;
import dev.perimeter.proxy.tcp.TcpProxy;
import dev.perimeter.proxy.tcp.TcpRelay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicLong;

/** Makes an accepted connection what its listener says at that moment. Called on the connection's event loop. */
final class ConnectionSetup extends ChannelInitializer<Channel> {

    private static final Relay RELAY = new TcpRelay();

    private final Listener listener;
    private final Workers workers;
    private final AtomicLong numbers;

    ConnectionSetup(Listener listener, Workers workers, AtomicLong numbers) {
        this.listener = listener;
        this.workers = workers;
        this.numbers = numbers;
    }

    @Override
    protected void initChannel(Channel channel) {
        switch (listener.manager()) {
            case HttpRuntime http -> http(channel, http.config());
            case TcpRuntime tcp -> {
                channel.config().setAutoRead(false);
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                channel.pipeline().addLast(new WhenActive(tcp));
            }
        }
    }

    /**
     * Here a client's end of stream means that it is gone, and what is done for it is given up, as Envoy does: nothing on
     * the wire tells a client that only stops sending from one that went away.
     */
    private void http(Channel channel, HttpManagerConfig config) {
        HttpConnection exchanges =
                new HttpConnection(workers.of(channel), channel, numbers.incrementAndGet(), listener::http);
        Http1ServerConnection codec = new Http1ServerConnection(
                config.limits(), config.timeouts(), config.absoluteUrlAllowed(), config.connectAllowed(), exchanges);
        channel.pipeline().addLast(codec);
        listener.opened(new OpenConnection.Http(channel, exchanges, codec));
    }

    /** A relay wants an active channel with nothing of ours in its way. */
    private final class WhenActive extends ChannelInboundHandlerAdapter {

        private final TcpRuntime manager;

        WhenActive(TcpRuntime manager) {
            this.manager = manager;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            ctx.pipeline().remove(this);
            listener.opened(new OpenConnection.Tcp(channel));
            TcpProxy.accepted(workers.of(channel), manager, RELAY, channel, numbers.incrementAndGet());
        }
    }
}
