package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.xds.control.ControlThread;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings snapshots to the engine one at a time; of those that come meanwhile only the newest counts. What the engine could
 * not do, such as a listener whose address is still in use, is tried again. Runs on the control thread.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final SnapshotSink sink;
    private final ControlThread control;
    private final Runnable changed;
    private @Nullable Snapshot latest;
    private @Nullable Snapshot underWay;
    private boolean serving;
    private List<String> problems = List.of();
    private ControlThread.@Nullable Timer retry;

    /** @param changed told when a delivery is over */
    Delivery(SnapshotSink sink, ControlThread control, Runnable changed) {
        this.sink = sink;
        this.control = control;
        this.changed = changed;
    }

    void deliver(Snapshot snapshot) {
        if (snapshot.equals(latest)) {
            return;
        }
        latest = snapshot;
        if (underWay == null) {
            apply(snapshot);
        }
    }

    boolean serving() {
        return serving;
    }

    List<String> problems() {
        return problems;
    }

    private void apply(Snapshot snapshot) {
        if (retry != null) {
            retry.cancel();
            retry = null;
        }
        underWay = snapshot;
        sink.apply(snapshot)
                .whenComplete((found, defect) -> control.execute(
                        () -> done(snapshot, defect == null ? found : List.of("the engine failed: " + defect))));
    }

    private void done(Snapshot snapshot, List<String> found) {
        underWay = null;
        serving = true;
        if (!found.equals(problems)) {
            found.forEach(problem -> LOG.warn("{}", problem));
        }
        problems = List.copyOf(found);
        Snapshot next = latest;
        if (next != null && next != snapshot) {
            apply(next);
        } else if (!problems.isEmpty()) {
            retry = control.schedule(RETRY, () -> apply(snapshot));
        } else {
            LOG.info(
                    "configuration in effect: {} listeners, {} clusters",
                    snapshot.listeners().size(),
                    snapshot.clusters().size());
        }
        changed.run();
    }
}
