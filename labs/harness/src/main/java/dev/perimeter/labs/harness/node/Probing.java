package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.node.Child.State;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks children whether they are ready, often while they start, now and then afterwards. The asking blocks, so it has a
 * thread of its own; the answer comes back as a message to the keeper, on whose thread all else here runs.
 */
final class Probing {
    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);
    private static final long WHILE_NOT_READY_NANOS = Duration.ofMillis(100).toNanos();
    private static final long WHILE_READY_NANOS = Duration.ofMillis(500).toNanos();
    private static final Set<State> PROBED = EnumSet.of(State.STARTING, State.READY, State.NOT_READY);

    private final Consumer<Runnable> keeper;

    Probing(Consumer<Runnable> keeper) {
        this.keeper = keeper;
    }

    /** Asks the child if it is time to. */
    void look(Child child) {
        if (!PROBED.contains(child.state) || child.probing || System.nanoTime() - child.nextProbeNanos < 0) {
            return;
        }
        child.probing = true;
        RunningProcess asked = child.running;
        Thread.ofVirtual().start(() -> {
            Optional<String> problem = child.launch.probe().ask();
            keeper.accept(() -> answered(child, asked == child.running, problem));
        });
    }

    /** @param sameProcess false if the child has been restarted since it was asked */
    private static void answered(Child child, boolean sameProcess, Optional<String> problem) {
        child.probing = false;
        boolean settled = child.state == State.READY;
        child.nextProbeNanos = System.nanoTime() + (settled ? WHILE_READY_NANOS : WHILE_NOT_READY_NANOS);
        if (!sameProcess || !PROBED.contains(child.state) || !child.alive()) {
            return;
        }
        if (problem.isEmpty()) {
            if (!settled) {
                LOG.info("{} is ready", child.launch.name());
            }
            child.state = State.READY;
            child.reason = "";
        } else {
            child.state = child.state == State.STARTING ? State.STARTING : State.NOT_READY;
            child.reason = problem.get();
        }
    }
}
