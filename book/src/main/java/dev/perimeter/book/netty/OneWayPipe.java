package dev.perimeter.book.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Sits in the pipeline of one connection and writes what it reads to another, never faster than the other takes it.
 *
 * <p>Both connections live on the same event loop, so no field here needs a lock.
 */
// tag::pipe[]
public final class OneWayPipe extends ChannelInboundHandlerAdapter {

    private final Channel target;

    /** Add it only to a connection with auto-read off, and only once the target is connected. */
    public OneWayPipe(Channel target) {
        this.target = target;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext source) {
        source.read(); // <1>
    }

    @Override
    public void channelRead(ChannelHandlerContext source, Object bytes) {
        target.writeAndFlush(bytes).addListener((ChannelFuture written) -> { // <2>
            if (written.isSuccess()) {
                source.read(); // <3>
            } else {
                source.close(); // <4>
            }
        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext source) {
        target.close();
    }
}
// end::pipe[]
