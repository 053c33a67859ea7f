package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/**
 * Your local proxy. Order's connection is accepted, payment's is dialled, and each has a handler: what a handler does with
 * what it reads is yours to write. scripts/lab check 10 says how far you are.
 */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel order, Dialer dialer) {
        ChannelFuture dialled = dialer.dial(order, new FromPayment(order));
        dialled.addListener(done -> {
            if (done.isSuccess()) {
                // Before this moment nobody knows which connection it will be.
                Channel payment = dialled.channel();
                order.pipeline().addLast(new FromOrder(payment));
                // From here on both hand over whatever comes, as fast as it comes.
                order.config().setAutoRead(true);
                payment.config().setAutoRead(true);
            }
        });
    }

    /** Stands on order's connection. */
    private static final class FromOrder extends ChannelInboundHandlerAdapter {

        private final Channel payment;

        FromOrder(Channel payment) {
            this.payment = payment;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            // Rung 1: to payment with them. Until then they are given back unread.
            ReferenceCountUtil.release(bytes);
        }
    }

    /** Stands on payment's connection. */
    private static final class FromPayment extends ChannelInboundHandlerAdapter {

        private final Channel order;

        FromPayment(Channel order) {
            this.order = order;
        }

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            // Rung 2: and what payment says, to order.
            ReferenceCountUtil.release(bytes);
        }
    }
}
