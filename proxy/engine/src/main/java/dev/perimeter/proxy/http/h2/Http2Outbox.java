package dev.perimeter.proxy.http.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way out of one connection, before the codec in the pipeline: frames and small bodies share a buffer,
 * large bodies go on as they are. A frame counts as written when it is here, which spares its future and listeners; what
 * cannot be sent any more shows as the end of the connection.
 */
public final class Http2Outbox extends ChannelOutboundHandlerAdapter {

    /** Up to here copying is cheaper than one more buffer in a gathering write. */
    static final int COPY_UP_TO = 4096;

    private static final int ROOM = 8192;

    private ByteBuf open = Unpooled.EMPTY_BUFFER;
    private @Nullable ChannelHandlerContext ctx;
    private int waiting;
    private int controlWaiting;

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        ctx = added;
    }

    /** A buffer with that much room; what is written to it goes out in order with the rest. */
    ByteBuf room(int bytes) {
        if (open.writableBytes() < bytes) {
            passOn(ctx());
            open = ctx().alloc().ioBuffer(Math.max(bytes, ROOM));
        }
        return open;
    }

    /** Takes ownership; goes out behind what was written to {@link #room}. */
    void data(ByteBuf data) {
        passOn(ctx());
        ctx().write(data, ctx().voidPromise());
    }

    /** A frame that flow control does not hold back. */
    void countFrame() {
        waiting = peerReads() ? 0 : waiting + 1;
    }

    /** Frames written since the peer stopped to read. */
    public int waiting() {
        return peerReads() ? 0 : waiting;
    }

    /** Control frames written since the peer stopped to read. */
    public int controlWaiting() {
        return peerReads() ? 0 : controlWaiting;
    }

    /** Control frames come this way. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf frame && frame.readableBytes() <= COPY_UP_TO) {
            controlWaiting = peerReads() ? 0 : controlWaiting + 1;
            countFrame();
            room(frame.readableBytes()).writeBytes(frame);
            frame.release();
            if (!promise.isVoid()) {
                promise.trySuccess();
            }
        } else {
            passOn(context);
            context.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        passOn(context);
        context.flush();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        flush(context);
        context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        open.release();
        open = Unpooled.EMPTY_BUFFER;
    }

    private boolean peerReads() {
        return ctx().channel().isWritable();
    }

    private ChannelHandlerContext ctx() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }

    private void passOn(ChannelHandlerContext context) {
        // Taken before it is written: writing may come back here, by a change of writability.
        ByteBuf full = open;
        open = Unpooled.EMPTY_BUFFER;
        if (full.isReadable()) {
            context.write(full, context.voidPromise());
        } else {
            full.release();
        }
    }
}
