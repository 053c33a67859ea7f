package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.http.Headers;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The wait that the upstream asks for itself (Envoy: rate_limited_retry_back_off), e.g. by {@code retry-after} (RFC 9110
 * section 10.2.3, seconds only) or {@code x-ratelimit-reset}.
 *
 * @param headers asked in order; the first with a value that is not too long counts
 * @param max a longer wait than this is not waited: the ordinary back-off comes in its place
 */
public record RateLimitedBackOff(List<ResetHeader> headers, Duration max) {

    public static final long NONE = -1;

    /** @param unixTimestamp true when the value is a moment (seconds since 1970) and not a number of seconds */
    public record ResetHeader(String name, boolean unixTimestamp) {}

    /**
     * Nanoseconds to wait, at most half as long again as asked for, or {@link #NONE}.
     *
     * @param nowMillis the time of day
     */
    long delayNanos(Headers answer, long nowMillis, RandomGenerator random) {
        for (int i = 0; i < headers.size(); i++) {
            String value = answer.get(headers.get(i).name());
            long seconds = value == null ? NONE : number(value.trim());
            if (seconds == NONE) {
                continue;
            }
            long millis = headers.get(i).unixTimestamp() ? seconds * 1000 - nowMillis : seconds * 1000;
            if (millis >= 0 && millis <= max.toMillis()) {
                long nanos = millis * 1_000_000;
                return nanos + random.nextLong(nanos / 2 + 1);
            }
        }
        return NONE;
    }

    private static long number(String text) {
        if (text.isEmpty() || text.length() > 12) {
            return NONE;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
