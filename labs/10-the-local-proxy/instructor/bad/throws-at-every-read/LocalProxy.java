package dev.perimeter.labs.localproxy;

import dev.perimeter.proxy.tcp.Relay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Runs, and stumbles over the first bytes: the story names what it threw and where. */
public final class LocalProxy implements Relay {

    @Override
    public void accepted(Channel order, Dialer dialer) {
        ChannelFuture dialled = dialer.dial(order, new ChannelInboundHandlerAdapter());
        dialled.addListener(done -> {
            order.pipeline().addLast(new FromOrder());
            order.read();
        });
    }

    private static final class FromOrder extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext connection, Object bytes) {
            ReferenceCountUtil.release(bytes);
            throw new IllegalArgumentException("what is this?");
        }
    }
}
