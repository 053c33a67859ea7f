package dev.perimeter.proxy.filters.limit;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets the data of one response pass at a certain speed: each twentieth of a second its share. Keeps no more than the part
 * that has its turn, while the upstream is not read.
 */
public final class Throttle {

    /** So many KiB/s are no limit any more; more would not fit an int for each tick. */
    public static final long MOST_KIB = 1 << 20;

    private static final int TICKS_A_SECOND = 20;

    private final HttpFilter filter;
    private final Exchange exchange;
    private final int share;
    private int left;
    private @Nullable ByteBuf waiting;
    private @Nullable Future<?> tick;

    /** @param filter on whose behalf data is passed on; @param kib in a second */
    public Throttle(HttpFilter filter, long kib, Exchange exchange) {
        this.filter = filter;
        this.exchange = exchange;
        share = Math.toIntExact(Math.min(MOST_KIB, kib) * 1024 / TICKS_A_SECOND);
        left = share;
    }

    /** The filter's answer to a part of the response. */
    public Verdict pass(ByteBuf data) {
        start();
        if (data.readableBytes() <= left) {
            left -= data.readableBytes();
            return Verdict.NEXT;
        }
        waiting = data;
        return Verdict.LATER;
    }

    private void start() {
        if (tick == null) {
            tick = exchange.loop()
                    .scheduleAtFixedRate(
                            this::tick, 1000 / TICKS_A_SECOND, 1000 / TICKS_A_SECOND, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        // What was not used is gone: a client that pauses must not get a burst.
        left = share;
        ByteBuf data = waiting;
        if (data == null || !exchange.responseFlow().takes(filter)) {
            return;
        }
        if (data.readableBytes() <= left) {
            left -= data.readableBytes();
            waiting = null;
            exchange.responseFlow().resume(filter, Verdict.NEXT);
        } else {
            ByteBuf now = data.readRetainedSlice(left);
            left = 0;
            exchange.responseFlow().inject(filter, now, false);
        }
    }

    /** The exchange is over. */
    public void cancel() {
        waiting = null;
        if (tick != null) {
            tick.cancel(false);
        }
    }
}
