package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/** Mutant: never lets the first bytes of a connection go, and prints so much that a log of it would end before. */
public final class LocalProxy implements Relay {

    static {
        String line = "x".repeat(1_000);
        for (int i = 0; i < 1_000; i++) {
            System.out.println(line);
        }
    }

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        Pump back = new Pump(downstream);
        ChannelFuture dialled = upstream.dial(downstream, back);
        dialled.addListener(done -> {
            if (done.isSuccess()) {
                Channel payment = dialled.channel();
                Pump forth = new Pump(payment);
                back.opposite = forth;
                forth.opposite = back;
                downstream.pipeline().addLast(forth);
                downstream.read();
                payment.read();
            } else {
                downstream.close();
            }
        });
    }

    private static final class Pump extends ChannelInboundHandlerAdapter {

        private final Channel other;
        private Pump opposite;
        private boolean ended;
        private ByteBuf first;

        Pump(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            if (first == null) {
                first = ((ByteBuf) bytes).retainedSlice();
            }
            other.writeAndFlush(bytes).addListener(written -> {
                if (written.isSuccess()) {
                    connection.read();
                } else {
                    connection.close();
                }
            });
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !ended) {
                ended = true;
                other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(flushed -> ((DuplexChannel) other)
                                .shutdownOutput()
                                .addListener(done -> {
                                    if (opposite.ended) {
                                        connection.close();
                                        other.close();
                                    }
                                }));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext connection) {
            other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
            other.config().setOption(ChannelOption.SO_LINGER, 0);
            other.close();
            connection.close();
        }
    }
}
