package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** As far as three rungs: an end, and a refusal, are passed on. */
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
            } else {
                order.close();
            }
        });
    }

    private static void end(Channel other) {
        other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                end(payment);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext connection) {
            end(payment);
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

        @Override
        public void userEventTriggered(ChannelHandlerContext connection, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                end(order);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext connection) {
            end(order);
        }
    }
}
