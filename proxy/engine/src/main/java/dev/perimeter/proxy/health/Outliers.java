package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.EndpointLoad;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Ejects the outliers of one cluster, and lets them come back (Envoy, "Outlier detection"). On the health thread. */
final class Outliers {

    /** What is known of one endpoint here. */
    private static final class Watched {
        private final EndpointState state;
        private OutlierMonitor monitor;
        private EndpointLoad before;
        private long ejectedUntil;
        private int ejections;

        Watched(EndpointState state, OutlierMonitor monitor) {
            this.state = state;
            this.monitor = monitor;
            this.before = state.load();
        }
    }

    private final HealthThread thread;
    private final RandomGenerator random;
    private final Cells<HealthMetric> metrics;
    private final Runnable changed;
    private final Map<EndpointState, Watched> records = new IdentityHashMap<>();
    private OutlierDetection config;
    private HealthThread.@Nullable Appointment next;

    Outliers(
            OutlierDetection config,
            HealthThread thread,
            RandomGenerator random,
            Cells<HealthMetric> metrics,
            Runnable changed) {
        this.config = config;
        this.thread = thread;
        this.random = random;
        this.metrics = metrics;
        this.changed = changed;
        next = thread.after(config.interval().toNanos(), this::sweep);
    }

    /** From now on these endpoints, by these rules; who is ejected stays so. */
    void serve(OutlierDetection rules, Set<EndpointState> endpoints) {
        boolean same = rules.equals(config);
        config = rules;
        records.values().removeIf(record -> !endpoints.contains(record.state) && retire(record));
        for (EndpointState state : endpoints) {
            Watched record = records.get(state);
            if (record == null) {
                record = new Watched(state, monitor(state));
                records.put(state, record);
            } else if (!same) {
                record.monitor = monitor(state);
            }
            state.watch(record.monitor);
        }
    }

    /** Watches nobody any more; who was ejected is back. */
    void stop() {
        if (next != null) {
            next.cancel();
        }
        records.values().forEach(Outliers::retire);
        records.clear();
    }

    private static boolean retire(Watched record) {
        record.state.watch(null);
        record.state.mark(Mark.FAILED_OUTLIER_CHECK, false);
        return true;
    }

    private OutlierMonitor monitor(EndpointState state) {
        return new OutlierMonitor(config, reason -> thread.execute(() -> found(state, reason)));
    }

    private void found(EndpointState state, HealthMetric reason) {
        OutlierDetection.Consecutive rules = config.consecutive();
        int enforcing = switch (reason) {
            case EJECTIONS_GATEWAY -> rules.enforcingGateway();
            case EJECTIONS_LOCAL -> rules.enforcingLocal();
            default -> rules.enforcingServer();
        };
        Watched record = records.get(state);
        if (record != null && eject(record, reason, enforcing)) {
            changed.run();
        }
    }

    private boolean eject(Watched record, HealthMetric reason, int enforcing) {
        if (record.state.is(Mark.FAILED_OUTLIER_CHECK) || random.nextInt(100) >= enforcing) {
            return false;
        }
        long ejected = ejected();
        boolean first = ejected == 0 && config.alwaysEjectOne();
        if (!first && 100 * (ejected + 1) > (long) config.maxEjectionPercent() * records.size()) {
            metrics.increment(HealthMetric.EJECTIONS_OVERFLOW);
            return false;
        }
        record.ejections++;
        long base = config.baseEjectionTime().toNanos();
        long longest = Math.max(base, config.maxEjectionTime().toNanos());
        long jitter = config.maxEjectionTimeJitter().toNanos();
        long time = base > longest / record.ejections ? longest : base * record.ejections;
        record.ejectedUntil = thread.now() + time + (jitter == 0 ? 0 : random.nextLong(jitter));
        record.state.mark(Mark.FAILED_OUTLIER_CHECK, true);
        metrics.increment(HealthMetric.EJECTIONS);
        metrics.increment(reason);
        return true;
    }

    long ejected() {
        return records.keySet().stream()
                .filter(state -> state.is(Mark.FAILED_OUTLIER_CHECK))
                .count();
    }

    /** An active check went well. @return whether that ended an ejection */
    boolean checkedWell(EndpointState state) {
        Watched record = records.get(state);
        return record != null
                && config.unejectWhenChecked()
                && state.is(Mark.FAILED_OUTLIER_CHECK)
                && comesBack(record);
    }

    private boolean comesBack(Watched record) {
        record.monitor.reset();
        record.state.slowStartBegan(thread.now());
        return record.state.mark(Mark.FAILED_OUTLIER_CHECK, false);
    }

    private void sweep() {
        boolean any = false;
        List<OutlierRates.Sample> samples = new ArrayList<>();
        for (Watched record : records.values()) {
            boolean out = record.state.is(Mark.FAILED_OUTLIER_CHECK);
            if (out && thread.now() - record.ejectedUntil >= 0) {
                any |= comesBack(record);
            } else if (!out && record.ejections > 0) {
                record.ejections--;
            }
            EndpointLoad now = record.state.load();
            if (!out) {
                samples.add(new OutlierRates.Sample(record.state, record.before, now));
            }
            record.before = now;
        }
        for (OutlierRates.Outlier outlier : OutlierRates.find(samples, config)) {
            Watched record = records.get(outlier.state());
            any |= record != null && eject(record, outlier.reason(), outlier.enforcing());
        }
        if (any) {
            changed.run();
        }
        next = thread.after(config.interval().toNanos(), this::sweep);
    }
}
