package dev.perimeter.proxy.http.h2.guard;

import java.time.Duration;

/**
 * Tells a client that opens streams only to reset them (CVE-2023-44487), or to make us reset them (CVE-2025-8671), from
 * one that changes its mind: Envoy's rule, which ends a connection when most of its streams ended so, once enough of
 * them are known (overload.premature_reset_total_stream_count and premature_reset_min_stream_lifetime_seconds).
 */
public final class ResetWatch {

    private static final int ENOUGH = 500;
    /** A client that has not read our SETTINGS yet knows no limit, but that is one round trip. */
    private static final int UNTOLD = 1_000;

    private static final long YOUNG = Duration.ofSeconds(1).toNanos();

    private boolean told;
    private int untold;
    private long ended;
    private long premature;

    /** A stream ended, in whatever way. */
    public void ended() {
        ended++;
    }

    /** Whether a reset by the client after {@code lifetime} nanoseconds makes too many. */
    public boolean reset(long lifetime) {
        return lifetime < YOUNG && premature();
    }

    /** The client knows how many streams it may open. */
    public void told() {
        told = true;
    }

    /** Whether a stream above the limit on concurrent ones makes too many. */
    public boolean refused() {
        return told ? premature() : ++untold > UNTOLD;
    }

    /** Whether a stream that had to be reset for what the client sent makes too many. */
    public boolean premature() {
        premature++;
        return 2 * premature >= Math.max(ENOUGH, ended);
    }
}
