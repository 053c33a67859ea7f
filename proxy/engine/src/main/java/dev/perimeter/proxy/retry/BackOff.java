package dev.perimeter.proxy.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The wait before a retry: a random part of a bound that doubles, so that callers that failed together do not come back
 * together (Envoy: retry_back_off, "fully jittered exponential").
 *
 * @param base bound of the first wait, 1 ms or more
 * @param max largest bound, not less than {@code base}
 */
public record BackOff(Duration base, Duration max) {

    public static final BackOff DEFAULT = new BackOff(Duration.ofMillis(25), Duration.ofMillis(250));

    /** Past this doubling every bound is the largest. */
    private static final int MOST_DOUBLINGS = 30;

    /** @param retry 1 for the first; answers nanoseconds, 0 to {@code base * (2^retry - 1)} but not above {@code max} */
    public long delayNanos(int retry, RandomGenerator random) {
        double bound = base.toNanos() * (double) ((1L << Math.min(retry, MOST_DOUBLINGS)) - 1);
        return random.nextLong((long) Math.min(bound, max.toNanos()) + 1);
    }
}
