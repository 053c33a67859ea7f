package dev.perimeter.labs.harness.mesh.lifecycle;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Says now and then what is waited for, so that a long wait is not a silent one. Used by one thread. */
final class Reminder {
    /** How long a person watches a screen on which nothing happens. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private final Duration pause;
    private final Consumer<String> say;
    private long next;

    Reminder(Duration pause, Consumer<String> say) {
        this.pause = pause;
        this.say = say;
        this.next = System.nanoTime() + pause.toNanos();
    }

    /** Says it if the last time was long enough ago. */
    void waitingFor(Supplier<String> what) {
        if (System.nanoTime() - next >= 0) {
            say.accept("still waiting: " + what.get());
            next = System.nanoTime() + pause.toNanos();
        }
    }
}
