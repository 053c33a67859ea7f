package dev.perimeter.proxy.tcp;

import dev.perimeter.proxy.peer.PeerGone;
import dev.perimeter.proxy.tls.TlsClosure;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a relayed pair; all state of the pair lives in its two sides. Both run on one event loop, so nothing here
 * is volatile. A side starts to read when it is joined and in an active channel's pipeline.
 */
public final class RelaySide extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(RelaySide.class);

    /** What came before the other side was there: epoll reads once, unasked, when a peer's FIN arrives. */
    private final Deque<Object> early = new ArrayDeque<>(1);

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Channel peer;
    private boolean ended;
    private boolean broken;

    /** Makes the other side known; from here on bytes pass. */
    void join(Channel other) {
        peer = other;
        for (Object message = early.pollFirst(); message != null; message = early.pollFirst()) {
            other.write(message, other.voidPromise());
        }
        other.flush();
        if (ended && ctx != null) {
            endOther(ctx);
        }
        if (ctx != null && ctx.channel().isActive()) {
            ctx.read();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        if (peer != null && context.channel().isActive()) {
            context.read();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        Channel to = peer;
        if (to == null) {
            early.addLast(message);
        } else {
            to.write(message, to.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Channel to = peer;
        if (to != null) {
            to.flush();
            if (to.isWritable()) {
                context.read();
            }
        }
    }

    /** This side has room again, so the other may read. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable() && peer != null) {
            peer.read();
        }
    }

    /** This side has said all it had to say. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            // Netty also reports the end of the input after a reset; passed on, it would turn the reset into a FIN.
            if (!broken) {
                ended = true;
                endOther(context);
            }
        } else if (event == PeerGone.RESET && waits(context)) {
            broken = true;
            context.close();
        } else if (event != ChannelInputShutdownEvent.INSTANCE) {
            context.fireUserEventTriggered(event);
        }
    }

    /**
     * Whether this is a client of ours whose bytes the upstream does not take. Of an upstream that is gone the client may
     * still read what came.
     */
    private boolean waits(ChannelHandlerContext context) {
        return peer != null && !peer.isWritable() && context.channel().parent() != null;
    }

    /** The other side says so too, behind the last byte. */
    private void endOther(ChannelHandlerContext context) {
        if (peer instanceof DuplexChannel to && to.isActive() && !to.isOutputShutdown()) {
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> shutdownOutput(context, to));
        }
    }

    private static void shutdownOutput(ChannelHandlerContext context, DuplexChannel to) {
        TlsClosure.shutdownOutput(to).addListener(shut -> {
            // Both directions have ended: nothing will ever come again.
            if (to.isInputShutdown() && context.channel().isActive()) {
                to.close();
                context.close();
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("closing {} after a fault", context.channel(), cause);
        }
        broken = true;
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
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
