package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.TcpRuntime;
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
            case HttpRuntime http ->
                HttpSetup.install(channel, http.config(), listener, workers.of(channel), numbers.incrementAndGet());
            case TcpRuntime tcp -> {
                channel.config().setAutoRead(false);
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                channel.pipeline().addLast(new WhenActive(tcp));
            }
        }
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
