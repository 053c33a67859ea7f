package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.observe.metric.ListenerMetric;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.TcpRuntime;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.snapshot.ConnectionLimit;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.tcp.Relay;
import dev.perimeter.proxy.tcp.TcpProxy;
import dev.perimeter.proxy.tcp.TcpRelay;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.context.LiveContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
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
        if (!chain.admits(channel, worker(channel).number())) {
            refuse(channel, chain.runtime().config().limit());
            return false;
        }
        if (chain.runtime().config().transport() instanceof DownstreamTransport.Tls(DownstreamTls config)) {
            secure(channel, chain, config);
            return false;
        }
        return manage(channel, chain, active, null);
    }

    /** Nothing is read of it, so what the client sends meanwhile waits in the kernel. */
    private static void refuse(Channel channel, @Nullable ConnectionLimit limit) {
        channel.config().setAutoRead(false);
        long millis = limit == null ? 0 : limit.delay().toMillis();
        if (millis == 0) {
            channel.close();
        } else {
            channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** The manager comes when the handshake is over and has said what is spoken. */
    private void secure(Channel channel, LiveChain chain, DownstreamTls config) {
        LiveContext context = workers.tls().server(config);
        SslHandler handler = context == null ? null : context.server(channel.alloc(), config.statelessResumption());
        if (handler == null) {
            listener.metrics(worker(channel).number()).increment(ListenerMetric.TLS_NO_SECRETS);
            channel.close();
            return;
        }
        handler.setHandshakeTimeoutMillis(
                chain.runtime().config().transportTimeout().toMillis());
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        channel.pipeline().addLast(handler, new Handshake(this, chain, config, handler));
        channel.config().setAutoRead(true);
    }

    /** As {@link #install} does for plain connections. */
    boolean manage(Channel channel, LiveChain chain, boolean active, @Nullable String alpn) {
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
