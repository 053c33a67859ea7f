package dev.perimeter.proxy.upstream;

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

/** Opens upstream connections on one event loop, so that both sides of an exchange share it. */
public final class Connector {

    private final Bootstrap http;
    private final Bootstrap tcp;

    public Connector(EventLoop loop, Class<? extends Channel> channelType, ByteBufAllocator allocator) {
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

    /** For connections that are read as bytes come. */
    public ChannelFuture http(InetSocketAddress address, Duration timeout, ChannelHandler handler) {
        return connect(http, address, timeout, handler);
    }

    /** For {@link dev.perimeter.proxy.tcp.Relay}: nothing is read before it asks, and one direction may end first. */
    ChannelFuture tcp(InetSocketAddress address, Duration timeout, ChannelHandler handler) {
        return connect(tcp, address, timeout, handler);
    }

    private static ChannelFuture connect(
            Bootstrap template, InetSocketAddress address, Duration timeout, ChannelHandler handler) {
        int millis = Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
        return template.clone()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis)
                .handler(handler)
                .connect(address);
    }
}
