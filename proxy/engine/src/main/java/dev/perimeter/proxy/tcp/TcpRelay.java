package dev.perimeter.proxy.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay of the data plane. Each side reads once, writes what came to the other side, and reads again only when the
 * other side has room: so a slow receiver slows the sender by TCP's own window, and a pair never holds more than one
 * read and one write buffer for each direction.
 */
public final class TcpRelay implements Relay {

    @Override
    public void accepted(Channel downstream, Dialer upstream) {
        Side clientSide = new Side();
        Side upstreamSide = new Side();
        downstream.pipeline().addLast(clientSide);
        var dialing = upstream.dial(downstream, upstreamSide);
        dialing.addListener(connected -> {
            if (!connected.isSuccess()) {
                downstream.close();
            } else if (!downstream.isActive()) {
                dialing.channel().close();
            } else {
                join(clientSide, downstream, upstreamSide, dialing.channel());
                downstream.read();
            }
        });
    }

    /**
     * Makes two connected channels one. Each side must be in its channel's pipeline or be about to be added; a side
     * starts to read when it is in an active channel's pipeline and joined.
     */
    public static void join(Side clientSide, Channel downstream, Side upstreamSide, Channel upstream) {
        clientSide.peer = upstream;
        upstreamSide.peer = downstream;
        upstream.read();
    }

    /** One side of a pair; state of the pair lives here. Both sides run on one event loop, so nothing is volatile. */
    public static final class Side extends ChannelInboundHandlerAdapter {

        private static final Logger LOG = LoggerFactory.getLogger(TcpRelay.class);

        private @Nullable Channel peer;
        private boolean broken;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            if (peer != null && ctx.channel().isActive()) {
                ctx.read();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel to = peer;
            if (to == null) {
                io.netty.util.ReferenceCountUtil.release(message);
            } else {
                to.write(message, to.voidPromise());
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            Channel to = peer;
            if (to == null) {
                return;
            }
            to.flush();
            if (to.isWritable()) {
                ctx.read();
            }
        }

        /** This side has room again, so the other may read. */
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable() && peer != null) {
                peer.read();
            }
        }

        /** This side has said all it had to say: so says the other, behind the last byte. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent || event instanceof ChannelInputShutdownReadComplete) {
                if (peer instanceof DuplexChannel to && to.isActive() && !to.isOutputShutdown()) {
                    to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> halfClosed(ctx, to));
                }
                return;
            }
            ctx.fireUserEventTriggered(event);
        }

        private static void halfClosed(ChannelHandlerContext ctx, DuplexChannel to) {
            to.shutdownOutput().addListener(shut -> {
                // Both directions have ended: nothing will ever come again.
                if (to.isInputShutdown() && ctx.channel().isActive()) {
                    to.close();
                    ctx.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (!(cause instanceof IOException)) {
                LOG.error("closing {} after a fault", ctx.channel(), cause);
            }
            broken = true;
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            Channel to = peer;
            if (to == null || !to.isActive()) {
                return;
            }
            if (broken) {
                // A reset must not look like a clean end on the other side: linger 0 makes close send RST.
                to.config().setOption(ChannelOption.SO_LINGER, 0);
                to.close();
            } else {
                to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }
}
