package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.control.ControlThread;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** A control thread that runs when and as long as a test says. */
final class ManualControl implements ControlThread {

    private record Timed(Instant at, Runnable task) {}

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Timed> timed = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Timed entry = new Timed(now.plus(delay), task);
        timed.add(entry);
        return () -> timed.remove(entry);
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    void runAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Lets time pass, task by task. */
    void pass(Duration duration) {
        Instant end = now.plus(duration);
        runAll();
        for (Timed next = due(end); next != null; next = due(end)) {
            timed.remove(next);
            now = next.at.isAfter(now) ? next.at : now;
            next.task.run();
            runAll();
        }
        now = end;
    }

    private Timed due(Instant end) {
        return timed.stream()
                .filter(entry -> !entry.at.isAfter(end))
                .min(Comparator.comparing(Timed::at))
                .orElse(null);
    }
}
