package dev.perimeter.labs.harness.mesh.lifecycle;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what only looking again can tell: other processes send no events. */
public final class Waiting {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private Waiting() {}

    /** Looks until there is something, for at most {@code bound}; empty if there never was. */
    public static <T> Optional<T> until(Duration bound, Supplier<Optional<T>> look) {
        long end = System.nanoTime() + bound.toNanos();
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()
                    || System.nanoTime() - end >= 0
                    || Thread.currentThread().isInterrupted()) {
                return found;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
