package dev.perimeter.book.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;

/** Sends back what it receives: the smallest server that has all the parts. */
public final class EchoServer {

    private EchoServer() {}

    // tag::start[]
    /** Listens on a free port of the loopback address; the connections share the group's event loops. */
    public static Channel start(EventLoopGroup group) throws InterruptedException {
        return new ServerBootstrap()
                .group(group) // <1>
                .channel(NioServerSocketChannel.class) // <2>
                .childHandler(
                        new ChannelInitializer<SocketChannel>() { // <3>
                            @Override
                            protected void initChannel(SocketChannel connection) {
                                connection.pipeline().addLast(new Echo());
                            }
                        })
                .bind(new InetSocketAddress("127.0.0.1", 0)) // <4>
                .sync() // <5>
                .channel();
    }
    // end::start[]

    // tag::handler[]
    private static final class Echo extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.write(bytes); // <1>
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush(); // <2>
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close(); // <3>
        }
    }
    // end::handler[]
}
