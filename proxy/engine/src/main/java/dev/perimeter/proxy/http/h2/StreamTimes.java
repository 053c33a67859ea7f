package dev.perimeter.proxy.http.h2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All time-outs of one connection and its streams on one scheduled task. Deadlines move back with every byte and are
 * only looked at when the task fires; it is scheduled anew only for an earlier one. Since all streams have the same
 * time-outs, a stream that opens seldom has the earliest deadline, and so costs nothing here.
 */
final class StreamTimes implements Runnable {

    static final long NEVER = Long.MAX_VALUE;

    interface Deadlines {

        /** Ends what is too late at {@code now}, and answers when the next will be, or {@link #NEVER}. */
        long expire(long now);
    }

    private final EventExecutor executor;
    private final Deadlines deadlines;
    private @Nullable Future<?> task;
    private long taskAt;
    private boolean closed;

    StreamTimes(EventExecutor executor, Deadlines deadlines) {
        this.executor = executor;
        this.deadlines = deadlines;
    }

    /** The event loop's clock in nanoseconds, so that a test which holds that clock holds every time-out. */
    long now() {
        return executor.ticker().nanoTime();
    }

    /** There is a deadline at {@code deadline}. */
    void at(long deadline) {
        if (closed || deadline == NEVER || task != null && taskAt - deadline <= 0) {
            return;
        }
        if (task != null) {
            task.cancel(false);
        }
        taskAt = deadline;
        task = executor.schedule(this, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
    }

    void close() {
        closed = true;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        task = null;
        if (!closed) {
            at(deadlines.expire(now()));
        }
    }

    static long after(long from, java.time.Duration timeout) {
        return timeout.isZero() ? NEVER : from + timeout.toNanos();
    }

    /** Moments wrap around, so they are compared by their distance. */
    static long earlier(long one, long other) {
        if (one == NEVER || other == NEVER) {
            return one == NEVER ? other : one;
        }
        return one - other < 0 ? one : other;
    }
}
