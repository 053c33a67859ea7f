package dev.perimeter.proxy.xds.control;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from a base to a bound, each wait drawn from its upper half. Never
 * short, so that nothing hammers; never equal, so that proxies that lost the same control plane do not come back in step.
 */
public final class Backoff {

    private final Duration base;
    private final Duration most;
    private final RandomGenerator random;
    private int failures;

    public Backoff(Duration base, Duration most, RandomGenerator random) {
        this.base = base;
        this.most = most;
        this.random = random;
    }

    /** The next wait: grows with each failure up to the bound, half of it by chance. */
    public Duration next() {
        long bound = Math.min(most.toMillis(), base.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(bound / 2 + random.nextLong(bound / 2 + 1));
    }

    /** The control plane answered. */
    public void reset() {
        failures = 0;
    }
}
