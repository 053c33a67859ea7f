package dev.perimeter.proxy.upstream.connect;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.tls.context.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Opens upstream connections on one event loop, so that both sides of an exchange share it. */
public final class Connector {

    private final Bootstrap http;
    private final Bootstrap tcp;
    private final TlsContexts tls;

    public Connector(
            EventLoop loop, Class<? extends Channel> channelType, ByteBufAllocator allocator, TlsContexts tls) {
        this.tls = tls;
        Bootstrap any = new Bootstrap()
                .group(loop)
                .channel(channelType)
                // Endpoints have addresses; one that is no socket's fails here, and no name service is ever waited for.
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.TCP_NODELAY, true);
        http = any.clone();
        tcp = any.clone().option(ChannelOption.AUTO_READ, false).option(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /**
     * For a codec. The future is kept when the connection can be used, its handshake included; what that agreed on tells the
     * {@code SslHandler} in its pipeline.
     *
     * @param timeout for all of it
     */
    public ChannelFuture http(
            UpstreamTransport transport, InetSocketAddress address, Duration timeout, ChannelHandler handler) {
        return connect(http, transport, null, address, timeout, handler);
    }

    /**
     * For {@link dev.perimeter.proxy.tcp.Relay}: nothing is read before it asks, and one direction may end first.
     *
     * @param client whose connection it will be; null for the proxy's own
     */
    public ChannelFuture tcp(
            UpstreamTransport transport,
            @Nullable ConnectionFacts client,
            InetSocketAddress address,
            Duration timeout,
            ChannelHandler handler) {
        return connect(tcp, transport, client, address, timeout, handler);
    }

    private ChannelFuture connect(
            Bootstrap template,
            UpstreamTransport transport,
            @Nullable ConnectionFacts client,
            InetSocketAddress address,
            Duration timeout,
            ChannelHandler handler) {
        int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
        Bootstrap bootstrap = template.clone().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
        if (transport == UpstreamTransport.PLAIN) {
            return bootstrap.handler(handler).connect(address);
        }
        UpstreamHandshake handshake = new UpstreamHandshake(tls, transport, client, address, millis, handler);
        ChannelFuture connecting = bootstrap.handler(handshake).connect(address);
        return handshake.after(connecting);
    }
}
