package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Runs one relay in a process of its own: {@code RelayHost CLASS UPSTREAM_PORT}. It has one event loop, so that whoever
 * blocks it stops every connection. Says {@code port N} when it listens, answers {@code left} and {@code stood} on its
 * standard input, and ends when that closes.
 */
public final class RelayHost {

    private static final int BUFFER = 256 * 1024;
    private static final int MILLIS = 2_000;

    private RelayHost() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream pipe = System.out;
        PrintStream printed = Printed.limited(System.err);
        System.setOut(printed);
        System.setErr(printed);
        Memory memory = Memory.counted();
        Relay relay =
                (Relay) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
        InetSocketAddress upstream = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        LoopWatch watch = LoopWatch.start(loop.next(), relay.getClass());
        Channel listener = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, memory.allocator())
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.SO_SNDBUF, BUFFER)
                .option(ChannelOption.SO_RCVBUF, BUFFER)
                .childHandler(new Accepting(
                        relay, (downstream, handler) -> dial(upstream, downstream, handler, memory.allocator())))
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        pipe.println("port " + ((InetSocketAddress) listener.localAddress()).getPort());
        pipe.flush();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String question = questions.readLine(); question != null; question = questions.readLine()) {
            pipe.println(question.equals("left") ? memory.left() : watch.stood());
            pipe.flush();
        }
        // The checker is done or gone; nothing here is worth an orderly end.
        Runtime.getRuntime().halt(0);
    }

    private static ChannelFuture dial(
            InetSocketAddress upstream, Channel downstream, ChannelHandler handler, ByteBufAllocator allocator) {
        ChannelFuture connecting = new Bootstrap()
                .group(downstream.eventLoop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.SO_SNDBUF, BUFFER)
                .option(ChannelOption.SO_RCVBUF, BUFFER)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, MILLIS)
                .handler(handler)
                .connect(upstream);
        return Dialled.of(downstream, connecting);
    }

    /** Hands each connection to the relay once it is active, as the product's listener does. */
    @ChannelHandler.Sharable
    private static final class Accepting extends ChannelInboundHandlerAdapter {

        private final Relay relay;
        private final Relay.Dialer dialer;

        Accepting(Relay relay, Relay.Dialer dialer) {
            this.relay = relay;
            this.dialer = dialer;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.pipeline().remove(this);
            try {
                relay.accepted(context.channel(), dialer);
            } catch (RuntimeException | Error thrown) {
                thrown.printStackTrace();
                context.close();
            }
        }
    }
}
