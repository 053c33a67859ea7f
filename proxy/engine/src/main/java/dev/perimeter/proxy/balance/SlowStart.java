package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.time.Duration;

/**
 * Gives a host that is new, or well again, less than its share at first (Envoy: slow_start_config): its weight is taken
 * times {@code (elapsed / window) ^ (1 / aggression)}.
 *
 * @param window how long; zero for not at all
 * @param aggression 1 grows evenly, more grows fast at first
 * @param minWeightPercent the least share of the weight, 0 to 100
 */
public record SlowStart(Duration window, double aggression, double minWeightPercent) {

    public static final SlowStart NONE = new SlowStart(Duration.ZERO, 1, 10);

    boolean isOff() {
        return window.isZero();
    }

    /** More than 0, at most 1. @param now monotonic nanoseconds */
    double factor(Host host, long now) {
        long elapsed = now - host.state().slowStartBegan();
        if (elapsed >= window.toNanos()) {
            return 1;
        }
        // Envoy: the first second counts whole, so that nobody starts at nothing.
        double share = Math.max(elapsed, 1e9) / window.toNanos();
        double factor = aggression == 1 ? share : Math.pow(share, 1 / aggression);
        return Math.clamp(factor, minWeightPercent / 100, 1);
    }
}
