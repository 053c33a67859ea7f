package dev.perimeter.proxy.health;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health thread of a process. It starts with its first task. */
public final class SingleHealthThread implements HealthThread, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SingleHealthThread.class);

    private final LongSupplier clock;
    private final ScheduledThreadPoolExecutor executor;

    /** @param clock monotonic nanoseconds */
    public SingleHealthThread(LongSupplier clock) {
        this.clock = clock;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(() -> run(task));
        } catch (RejectedExecutionException closed) {
            LOG.debug("a word on health comes after the end");
        }
    }

    @Override
    public Appointment after(long nanos, Runnable task) {
        try {
            Future<?> future = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** A fault in one task must not end the checks of all clusters. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException fault) {
            LOG.error("judging health failed", fault);
        }
    }

    @Override
    public long now() {
        return clock.getAsLong();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
