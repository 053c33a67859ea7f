package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Your local proxy. The listener stands, the other connection is dialled, and each side has a handler: what a handler
 * does with what it reads is yours to write. scripts/lab check 10 says how far you are.
 */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        ChannelFuture dialled = upstream.dial(downstream, new Pump(downstream));
        downstream.pipeline().addLast(new Pump(dialled.channel()));
        dialled.addListener(done -> {
            // Auto-read is off: nothing is read before somebody asks for it.
            downstream.read();
            dialled.channel().read();
        });
    }

    /** Stands on one connection and passes on to the other. */
    private static final class Pump extends ChannelInboundHandlerAdapter {

        private final Channel other;

        Pump(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            // Rung 1: pass the bytes on to the other connection, then ask for more.
            io.netty.util.ReferenceCountUtil.release(bytes);
        }
    }
}
