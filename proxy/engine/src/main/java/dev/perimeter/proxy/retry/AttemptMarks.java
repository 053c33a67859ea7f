package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.filter.RouterSettings;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.GrpcTimeout;
import java.time.Duration;

/** What an attempt's head tells the upstream about itself: which attempt it is, and how long somebody waits for it. */
public final class AttemptMarks {

    public static final String COUNT = "x-envoy-attempt-count";

    /** Ours, in the space of names that a proxy at the edge takes away from clients: an earlier attempt still runs. */
    public static final String HEDGED = "x-envoy-hedged";

    static final String EXPECTED = RouterSettings.EXPECTED_TIMEOUT;

    private static final String SERVICE_TIME = "x-envoy-upstream-service-time";

    private AttemptMarks() {}

    /** @param nanos from the end of the request to the head of the answer; negative when the answer came first, or nothing is to be told */
    public static void serviceTime(Headers headers, long nanos) {
        if (nanos >= 0) {
            headers.set(SERVICE_TIME, Long.toString(nanos / 1_000_000));
        }
    }

    public static void count(Headers headers, int attempt) {
        headers.set(COUNT, Integer.toString(attempt));
    }

    /**
     * An attempt is about to be sent.
     *
     * @param attempt 1 for the first
     * @param counted whether its number is told
     */
    public static void sent(Headers headers, int attempt, boolean counted, boolean hedged) {
        if (counted) {
            count(headers, attempt);
        }
        hedged(headers, attempt, hedged);
    }

    /** @param attempt 1 for the first; marks of the attempt before are replaced */
    public static void hedged(Headers headers, int attempt, boolean hedged) {
        if (hedged) {
            headers.set(HEDGED, "true");
        } else if (attempt > 1) {
            headers.remove(HEDGED);
        }
    }

    /**
     * Hands the deadline on: an upstream need not work on what nobody waits for any more. For a gRPC call in its own
     * header, for others in Envoy's.
     *
     * @param remainingNanos until the client is answered in any case, {@code Long.MAX_VALUE} for never
     * @param tryTimeout of this attempt alone, zero for none
     * @param envoyHeaders whether {@code x-envoy-*} may be written (Envoy: suppress_envoy_headers is not set)
     */
    public static void deadline(RequestHead head, long remainingNanos, Duration tryTimeout, boolean envoyHeaders) {
        long left = tryTimeout.isZero() ? remainingNanos : Math.min(remainingNanos, tryTimeout.toNanos());
        if (left == Long.MAX_VALUE) {
            return;
        }
        Headers headers = head.headers();
        if (headers.contains(GrpcTimeout.HEADER)) {
            headers.set(GrpcTimeout.HEADER, GrpcTimeout.text(left));
        } else if (envoyHeaders) {
            headers.set(EXPECTED, Long.toString(Math.ceilDiv(Math.max(left, 1), 1_000_000L)));
        }
    }
}
