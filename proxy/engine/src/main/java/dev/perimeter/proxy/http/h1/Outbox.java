package dev.perimeter.proxy.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/**
 * What is on its way out of one connection. Heads, chunk framing and small bodies share a buffer, large bodies are
 * passed on as they are, and the socket is written once for everything that one read brought: a system call costs more
 * than all the parsing of a request.
 */
final class Outbox implements Runnable {

    /** Up to here copying is cheaper than one more buffer in a gathering write. */
    private static final int COPY_UP_TO = 4096;

    private final ChannelHandlerContext ctx;
    private ByteBuf open = Unpooled.EMPTY_BUFFER;
    private boolean unflushed;
    private boolean scheduled;
    private boolean inRead;

    Outbox(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    /** While a read of this connection is delivered, flushing waits for its end. */
    void readBegins() {
        inRead = true;
    }

    void readEnds() {
        inRead = false;
        if (unflushed) {
            flush();
        }
    }

    /** A buffer with that much room; what is written to it goes out in order with the rest. */
    ByteBuf room(int bytes) {
        if (open.writableBytes() < bytes) {
            passOn();
            open = ctx.alloc().ioBuffer(Math.max(bytes, 512));
        }
        later();
        return open;
    }

    /** Takes ownership. */
    void data(ByteBuf data) {
        int count = data.readableBytes();
        if (count <= COPY_UP_TO && count <= open.writableBytes()) {
            open.writeBytes(data);
            data.release();
        } else if (count == 0) {
            data.release();
        } else {
            passOn();
            ctx.write(data, ctx.voidPromise());
        }
        later();
    }

    /** The end of a message: flushes now, unless a read is under way that will flush anyway. */
    void messageEnds() {
        if (!inRead) {
            flush();
        }
    }

    /** Flushes and tells when everything written so far has left. */
    ChannelFuture finish() {
        passOn();
        unflushed = false;
        return ctx.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /** What was not passed on yet. */
    int bytes() {
        return open.readableBytes();
    }

    void discard() {
        open.release();
        open = Unpooled.EMPTY_BUFFER;
        unflushed = false;
    }

    /** The flush that {@link #later} asked for: runs after the events of this round of the event loop. */
    @Override
    public void run() {
        scheduled = false;
        if (unflushed && !inRead) {
            flush();
        }
    }

    private void later() {
        unflushed = true;
        if (!inRead && !scheduled) {
            scheduled = true;
            ctx.executor().execute(this);
        }
    }

    private void flush() {
        passOn();
        unflushed = false;
        ctx.flush();
    }

    private void passOn() {
        // Taken before it is written: writing may come back here, by a change of writability.
        ByteBuf full = open;
        open = Unpooled.EMPTY_BUFFER;
        if (full.isReadable()) {
            ctx.write(full, ctx.voidPromise());
        } else {
            full.release();
        }
    }
}
