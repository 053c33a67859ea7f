package dev.perimeter.book.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Accepts connections and pipes each, one way, to a connection of its own to a target. */
public final class PipeServer {

    private PipeServer() {}

    /** Listens on a free port of the loopback address. */
    public static Channel start(EventLoopGroup group, SocketAddress target) throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        connect(accepted, target);
                    }
                })
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .sync()
                .channel();
    }

    // tag::connect[]
    private static void connect(Channel accepted, SocketAddress target) {
        new Bootstrap()
                .group(accepted.eventLoop()) // <1>
                .channel(NioSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter()) // <2>
                .connect(target)
                .addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        accepted.pipeline().addLast(new OneWayPipe(connected.channel())); // <3>
                    } else {
                        accepted.close(); // <4>
                    }
                });
    }
    // end::connect[]
}
