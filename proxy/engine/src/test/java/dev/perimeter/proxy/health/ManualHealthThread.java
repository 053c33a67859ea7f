package dev.perimeter.proxy.health;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** The health thread of a test: runs everything at once, and what is due when the test lets time pass. */
final class ManualHealthThread implements HealthThread {

    private static final class Due {
        private final long at;
        private final long number;
        private final Runnable task;
        private boolean cancelled;

        Due(long at, long number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = task;
        }
    }

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong((Due each) -> each.at).thenComparingLong(each -> each.number));
    private long now;
    private long numbers;

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public Appointment after(long nanos, Runnable task) {
        Due appointment = new Due(now + nanos, numbers++, task);
        due.add(appointment);
        return () -> appointment.cancelled = true;
    }

    @Override
    public long now() {
        return now;
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        while (!due.isEmpty() && due.peek().at <= end) {
            Due next = due.remove();
            now = next.at;
            if (!next.cancelled) {
                next.task.run();
            }
        }
        now = end;
    }
}
