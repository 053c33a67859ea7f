package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.health.EndpointOutcome;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Counts the failures in a row of one endpoint. Told by all event loops; with an endpoint that works, all it costs is to
 * see that the counts are zero.
 */
final class OutlierMonitor implements EndpointOutcome {

    private final OutlierDetection config;
    private final Consumer<HealthMetric> outlier;
    private final AtomicInteger server = new AtomicInteger();
    private final AtomicInteger gateway = new AtomicInteger();
    private final AtomicInteger local = new AtomicInteger();

    /** @param outlier told when there were too many, by which count; on the loop of the last one */
    OutlierMonitor(OutlierDetection config, Consumer<HealthMetric> outlier) {
        this.config = config;
        this.outlier = outlier;
    }

    @Override
    public void answered(int status, long nanos) {
        clear(local);
        answered(status);
    }

    @Override
    public void failed(LocalFailure why, long nanos) {
        if (config.splitLocalErrors()) {
            count(local, config.consecutive().local(), HealthMetric.EJECTIONS_LOCAL);
            return;
        }
        // As Envoy has it: what did not answer counts as if a gateway had said so.
        answered(why == LocalFailure.TIMEOUT || why == LocalFailure.CONNECT_TIMEOUT ? 504 : 503);
    }

    private void answered(int status) {
        if (status < 500) {
            clear(server);
            clear(gateway);
            return;
        }
        count(server, config.consecutive().server(), HealthMetric.EJECTIONS_5XX);
        if (502 <= status && status <= 504) {
            count(gateway, config.consecutive().gateway(), HealthMetric.EJECTIONS_GATEWAY);
        } else {
            clear(gateway);
        }
    }

    private void count(AtomicInteger failures, int threshold, HealthMetric reason) {
        // Begins anew when it is told, so that an ejection that was not enforced may be found again.
        if (failures.incrementAndGet() >= threshold && failures.getAndSet(0) >= threshold) {
            outlier.accept(reason);
        }
    }

    private static void clear(AtomicInteger failures) {
        if (failures.getPlain() != 0) {
            failures.set(0);
        }
    }

    void reset() {
        clear(server);
        clear(gateway);
        clear(local);
    }
}
