package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** As far as two rungs: the same line on the way back. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel order, Dialer dialer) {
        ChannelFuture dialled = dialer.dial(order, new FromPayment(order));
        dialled.addListener(done -> {
            if (done.isSuccess()) {
                Channel payment = dialled.channel();
                order.pipeline().addLast(new FromOrder(payment));
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
            payment.writeAndFlush(bytes);
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
            order.writeAndFlush(bytes);
        }
    }
}
