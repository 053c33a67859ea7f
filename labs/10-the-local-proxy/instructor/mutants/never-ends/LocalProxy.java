package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Mutant: passes bytes on and forgets that connections end. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        Pump back = new Pump(downstream);
        ChannelFuture dialled = upstream.dial(downstream, back);
        dialled.addListener(done -> {
            if (done.isSuccess()) {
                Channel payment = dialled.channel();
                Pump forth = new Pump(payment);
                downstream.pipeline().addLast(forth);
                downstream.read();
                payment.read();
            }
        });
    }

    private static final class Pump extends ChannelInboundHandlerAdapter {

        private final Channel other;

        Pump(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            other.writeAndFlush(bytes).addListener(written -> {
                if (written.isSuccess()) {
                    connection.read();
                } else {
                    connection.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext connection, Throwable cause) {
            // A broken connection is left alone.
        }
    }
}
