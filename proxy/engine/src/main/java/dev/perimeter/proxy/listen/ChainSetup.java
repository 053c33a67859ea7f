package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.TcpRuntime;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.tcp.Relay;
import dev.perimeter.proxy.tcp.TcpProxy;
import dev.perimeter.proxy.tcp.TcpRelay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Makes a connection what its filter chain says at that moment. Called on the connection's event loop. */
final class ChainSetup {

    private static final Relay RELAY = new TcpRelay();

    private final Listener listener;
    private final Workers workers;
    private final AtomicLong numbers;

    ChainSetup(Listener listener, Workers workers, AtomicLong numbers) {
        this.listener = listener;
        this.workers = workers;
        this.numbers = numbers;
    }

    Listener listener() {
        return listener;
    }

    Worker worker(Channel channel) {
        return workers.of(channel);
    }

    /**
     * Puts the chain's handlers at the end of the pipeline.
     *
     * @param active whether the pipeline has seen that the channel is active
     * @return whether the client's half-close is carried on; otherwise its end of stream is the end of the connection
     */
    boolean install(Channel channel, LiveChain chain, boolean active) {
        return manage(channel, chain, active, null);
    }

    private boolean manage(Channel channel, LiveChain chain, boolean active, @Nullable String alpn) {
        switch (chain.runtime().manager()) {
            case HttpRuntime http -> {
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
                HttpSetup.install(channel, http.config(), chain, worker(channel), numbers.incrementAndGet(), alpn);
                channel.config().setAutoRead(true);
                return false;
            }
            case TcpRuntime tcp -> {
                channel.config().setAutoRead(false);
                channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
                if (active) {
                    relay(channel, chain, tcp);
                } else {
                    channel.pipeline().addLast(new WhenActive(chain, tcp));
                }
                return true;
            }
        }
    }

    private void relay(Channel channel, LiveChain chain, TcpRuntime manager) {
        chain.opened(new OpenConnection.Tcp(channel));
        TcpProxy.accepted(worker(channel), manager, RELAY, channel, numbers.incrementAndGet());
    }

    /** A relay wants an active channel with nothing of ours in its way. */
    private final class WhenActive extends ChannelInboundHandlerAdapter {

        private final LiveChain chain;
        private final TcpRuntime manager;

        WhenActive(LiveChain chain, TcpRuntime manager) {
            this.chain = chain;
            this.manager = manager;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.pipeline().remove(this);
            relay(ctx.channel(), chain, manager);
        }
    }
}
