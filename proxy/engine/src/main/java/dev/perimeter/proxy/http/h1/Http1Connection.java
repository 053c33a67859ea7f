package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.peer.PeerGone;
import dev.perimeter.proxy.peer.Unsent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both ends of a hop share: bytes are consumed as long as somebody wants them, the rest of the last read is held,
 * and while something is held the socket is not read. So a connection never holds more than one read, however fast its
 * peer sends. Everything happens on the connection's event loop.
 */
abstract class Http1Connection extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(Http1Connection.class);

    private @Nullable ChannelHandlerContext ctx;
    private @Nullable Outbox outbox;
    private @Nullable ByteBuf held;
    private boolean pumping;
    private boolean reading = true;
    private boolean broken;

    /** Whether {@link #consume} may be called now. */
    abstract boolean accepts();

    /** Takes some bytes, or changes what {@link #accepts} says. */
    abstract void consume(ByteBuf in);

    /** Whether the socket is to be left alone although nothing is held. */
    abstract boolean paused();

    /** A batch of bytes was consumed as far as possible. */
    abstract void pumped();

    /** The connection is closed; {@link #broken} tells whether by an error. */
    abstract void gone();

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
        outbox = new Outbox(added);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        outbox().readBegins();
        ByteBuf in = (ByteBuf) message;
        ByteBuf before = takeHeld();
        pump(before == null ? in : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), before, in));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        outbox().readEnds();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ByteBuf rest = takeHeld();
        if (rest != null) {
            rest.release();
        }
        outbox().discard();
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A peer may vanish at any time; anything else is a fault of ours that must be seen.
        if (!(cause instanceof IOException)) {
            log.error("closing {} after a fault", context.channel(), cause);
        }
        broken = true;
        context.close();
    }

    /** A client that is gone while nobody reads is given up; nothing that is done for it has a reader. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof PeerGone how)) {
            context.fireUserEventTriggered(event);
        } else if (!reading) {
            lost(how);
        }
    }

    /** Its socket is not read. */
    final void lost(PeerGone how) {
        broken |= how == PeerGone.RESET;
        ctx().close();
    }

    /** Goes on with what is held, if it is wanted by now. */
    final void resume() {
        if (pumping) {
            return;
        }
        ByteBuf rest = accepts() ? takeHeld() : null;
        if (rest == null) {
            updateReading();
        } else {
            pump(rest);
        }
    }

    private void pump(ByteBuf in) {
        pumping = true;
        try {
            while (in.isReadable() && accepts()) {
                consume(in);
            }
        } finally {
            pumping = false;
            if (in.isReadable() && channel().isActive()) {
                held = in;
            } else {
                in.release();
            }
        }
        updateReading();
        // Last, because the connection may belong to somebody else afterwards.
        pumped();
    }

    private void updateReading() {
        boolean wanted = held == null && !paused();
        if (wanted != reading) {
            reading = wanted;
            channel().config().setAutoRead(wanted);
        }
    }

    /** Leaves the pipeline to {@code successor}, which first reads what is held; reading is off and half-close allowed. */
    final void handOver(ChannelHandler successor) {
        ChannelHandlerContext context = ctx();
        ChannelFuture ignored = outbox().finish();
        channel().config().setAutoRead(false);
        channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        ByteBuf rest = takeHeld();
        context.pipeline().addAfter(context.name(), null, successor);
        if (rest != null) {
            context.fireChannelRead(rest);
            context.fireChannelReadComplete();
        }
        context.pipeline().remove(this);
    }

    /** The other end of {@link #handOver}: reading is off and starts when it is wanted. */
    final void takeOver() {
        reading = false;
        resume();
    }

    private @Nullable ByteBuf takeHeld() {
        ByteBuf taken = held;
        held = null;
        return taken;
    }

    /** What was received and not taken, and what was sent and not read. */
    final long bufferedBytes() {
        return (held == null ? 0 : held.readableBytes()) + outbox().bytes() + Unsent.bytes(channel());
    }

    final boolean holdsBytes() {
        return held != null;
    }

    final boolean pumping() {
        return pumping;
    }

    final boolean broken() {
        return broken;
    }

    final ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }

    final Outbox outbox() {
        if (outbox == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return outbox;
    }

    /** The connection; events of both directions run on its event loop. */
    public final Channel channel() {
        return ctx().channel();
    }
}
