package dev.perimeter.proxy.http.h1;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All time-outs of one connection on one scheduled task. The task is left where it stands when a deadline moves back, as
 * it does with every byte, and looks again when it fires; it is scheduled anew only for an earlier deadline. So a busy
 * keep-alive connection schedules next to nothing.
 */
final class ConnectionTimer implements Runnable {

    static final long NEVER = Long.MAX_VALUE;

    interface Deadlines {

        /** The next moment at which something is too late, on the clock of {@link #now}, or {@link #NEVER}. */
        long deadline();

        /** That moment has come. */
        void expired();
    }

    private final EventExecutor executor;
    private final Deadlines deadlines;
    private @Nullable Future<?> task;
    private long taskAt;

    ConnectionTimer(EventExecutor executor, Deadlines deadlines) {
        this.executor = executor;
        this.deadlines = deadlines;
    }

    /** The event loop's clock in nanoseconds, so that a test which holds that clock holds every time-out. */
    long now() {
        return executor.ticker().nanoTime();
    }

    /** To be called when the deadline may have come nearer. */
    void update() {
        long deadline = deadlines.deadline();
        if (deadline == NEVER || task != null && taskAt - deadline <= 0) {
            return;
        }
        cancel();
        taskAt = deadline;
        task = executor.schedule(this, Math.max(0, deadline - now()), TimeUnit.NANOSECONDS);
    }

    void cancel() {
        if (task != null) {
            task.cancel(false);
            task = null;
        }
    }

    @Override
    public void run() {
        task = null;
        long deadline = deadlines.deadline();
        if (deadline != NEVER && deadline - now() <= 0) {
            deadlines.expired();
        }
        update();
    }
}
