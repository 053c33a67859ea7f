package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.http.RequestHandlers;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.testkit.RawClient;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Server connections on a real socket. */
final class HttpServer implements AutoCloseable {

    static final HttpLimits LIMITS = new HttpLimits(2048, 20);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    HttpServer(RequestHandlers handlers) {
        this(handlers, HttpTimeouts.DEFAULTS, true);
    }

    HttpServer(RequestHandlers handlers, HttpTimeouts timeouts, boolean proxy) {
        channel = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline()
                                .addLast(new Http1ServerConnection(LIMITS, timeouts, proxy, proxy, handlers));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    RawClient connect() throws IOException {
        return new RawClient((InetSocketAddress) channel.localAddress());
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
