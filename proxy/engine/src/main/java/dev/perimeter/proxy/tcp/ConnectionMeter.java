package dev.perimeter.proxy.tcp;

import dev.perimeter.proxy.observe.Journal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client's socket and the relay and counts what passes. All bytes of a relay pass the client's side in
 * one direction or the other, so this one place also knows when something moved last.
 */
public final class ConnectionMeter extends ChannelDuplexHandler {

    private final Journal journal;
    private final LongSupplier clock;
    private final @Nullable ChannelHandler next;
    private long lastMove;

    /** @param next put behind this handler when it is added to a pipeline, or null */
    public ConnectionMeter(Journal journal, LongSupplier clock, @Nullable ChannelHandler next) {
        this.journal = journal;
        this.clock = clock;
        this.next = next;
        this.lastMove = clock.getAsLong();
    }

    /** In nanoseconds of the clock. */
    public long lastMove() {
        return lastMove;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (next != null) {
            ctx.pipeline().addAfter(ctx.name(), null, next);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            journal.received(bytes.readableBytes());
            lastMove = clock.getAsLong();
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            journal.sent(bytes.readableBytes());
            lastMove = clock.getAsLong();
        }
        ctx.write(message, promise);
    }
}
