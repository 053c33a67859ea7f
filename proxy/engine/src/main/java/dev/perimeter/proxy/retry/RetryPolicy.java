package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When and how a request is tried again (Envoy: RetryPolicy). What it asks for is done only as far as {@link
 * SafeToRepeat} lets it.
 *
 * @param on the sum of {@link RetryOn} bits
 * @param statuses for {@code retriable-status-codes}
 * @param headers for {@code retriable-headers}: one that holds is enough
 * @param requestHeaders if not empty, one of them must hold of the request, or nothing is retried
 * @param retries after the first attempt, 0 or more
 * @param perTryTimeout of one attempt up to its head; zero: none but the route's
 * @param perTryIdleTimeout longest silence of the upstream within one attempt; zero: none
 * @param rateLimited null when the upstream's own wish is not asked for
 * @param avoidPreviousHosts whether an endpoint tried before is chosen only when there is no other
 */
public record RetryPolicy(
        int on,
        Set<Integer> statuses,
        List<ValueMatch> headers,
        List<ValueMatch> requestHeaders,
        int retries,
        Duration perTryTimeout,
        Duration perTryIdleTimeout,
        BackOff backOff,
        @Nullable RateLimitedBackOff rateLimited,
        boolean avoidPreviousHosts) {

    /** What headers of a request are added to where its route says nothing. */
    static final RetryPolicy NOTHING = of(0, 1);

    public static RetryPolicy of(int on, int retries) {
        return new RetryPolicy(
                on,
                Set.of(),
                List.of(),
                List.of(),
                retries,
                Duration.ZERO,
                Duration.ZERO,
                BackOff.DEFAULT,
                null,
                false);
    }

    boolean on(int bits) {
        return (on & bits) != 0;
    }

    boolean onGrpcStatus() {
        return on(RetryOn.ANY_GRPC_STATUS);
    }
}
