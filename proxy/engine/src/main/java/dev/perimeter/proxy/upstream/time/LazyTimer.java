package dev.perimeter.proxy.upstream.time;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves with every request and almost never comes. Moving it later is one assignment: the task that is
 * already scheduled looks at the deadline when it runs and goes back to sleep. So a connection costs one task for each
 * length of its time-out and not one for each request. Belongs to one event loop.
 */
public final class LazyTimer {

    private static final long NEVER = Long.MAX_VALUE;

    private final EventExecutor loop;
    private final LongSupplier clock;
    private final Runnable expired;
    private long deadline = NEVER;
    private long wakesAt = NEVER;
    private @Nullable Future<?> task;

    public LazyTimer(EventExecutor loop, LongSupplier clock, Runnable expired) {
        this.loop = loop;
        this.clock = clock;
        this.expired = expired;
    }

    /** @param newDeadline in nanoseconds of the clock; {@code Long.MAX_VALUE} for none */
    public void at(long newDeadline) {
        deadline = newDeadline;
        if (newDeadline == NEVER || (task != null && wakesAt <= newDeadline)) {
            return;
        }
        if (task != null) {
            task.cancel(false);
        }
        schedule(clock.getAsLong());
    }

    public void off() {
        deadline = NEVER;
    }

    /** For the end of the connection: the task would keep it in memory. */
    public void cancel() {
        deadline = NEVER;
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    private void schedule(long now) {
        wakesAt = deadline;
        task = loop.schedule(this::wake, Math.max(0, deadline - now), TimeUnit.NANOSECONDS);
    }

    private void wake() {
        task = null;
        if (deadline == NEVER) {
            return;
        }
        long now = clock.getAsLong();
        if (now < deadline) {
            schedule(now);
            return;
        }
        deadline = NEVER;
        expired.run();
    }
}
