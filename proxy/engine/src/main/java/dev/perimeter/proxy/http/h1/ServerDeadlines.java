package dev.perimeter.proxy.http.h1;

import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import java.time.Duration;

/** When a client has been slow for too long, from moments on the event loop's clock. */
final class ServerDeadlines {

    /** How long a client may take to notice our half of the close, and a handler to answer a broken request. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final HttpTimeouts timeouts;
    private long requestBegan;
    private long lastActivity;
    private long graceEnds;

    ServerDeadlines(HttpTimeouts timeouts) {
        this.timeouts = timeouts;
    }

    void activity(long now) {
        lastActivity = now;
    }

    /** The first byte of a request came with the last activity. */
    void requestBegins() {
        requestBegan = lastActivity;
    }

    void graceBegins(long now) {
        graceEnds = after(now, GRACE);
    }

    /** What is written may take as long as a silence within an exchange. */
    void lastWordsBegin(long now) {
        graceEnds = after(now, timeouts.streamIdle());
    }

    long idle() {
        return after(lastActivity, timeouts.connectionIdle());
    }

    long head() {
        return earlier(after(requestBegan, timeouts.requestHeaders()), after(requestBegan, timeouts.request()));
    }

    long body() {
        return earlier(after(requestBegan, timeouts.request()), reply());
    }

    long reply() {
        return after(lastActivity, timeouts.streamIdle());
    }

    long grace() {
        return graceEnds;
    }

    private static long after(long from, Duration timeout) {
        return timeout.isZero() ? ConnectionTimer.NEVER : from + timeout.toNanos();
    }

    private static long earlier(long one, long other) {
        if (one == ConnectionTimer.NEVER || other == ConnectionTimer.NEVER) {
            return Math.min(one, other);
        }
        return one - other < 0 ? one : other;
    }
}
