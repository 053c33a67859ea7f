package dev.perimeter.proxy.health;

/**
 * The one thread on which health is judged, with its clock: what is decided there needs no locks, and no event loop ever
 * counts endpoints.
 */
public interface HealthThread {

    /** May be called on any thread; tasks run in the order in which they came. */
    void execute(Runnable task);

    /** Runs a task later; on the health thread only. */
    Appointment after(long nanos, Runnable task);

    /** Monotonic nanoseconds. */
    long now();

    @FunctionalInterface
    interface Appointment {

        /** Nothing will run; harmless when it has. On the health thread only. */
        void cancel();
    }
}
