package dev.perimeter.proxy.story;

import dev.perimeter.proxy.retry.BackOff;
import dev.perimeter.proxy.retry.RateLimitedBackOff;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Retry policies for stories: one retry, at once. */
public final class Policies {

    private static final BackOff AT_ONCE = new BackOff(Duration.ofMillis(1), Duration.ofMillis(1));
    private static final BackOff LATE = new BackOff(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private Policies() {}

    public static RetryPolicy on(int on) {
        return policy(on, 1, List.of(), Duration.ZERO, Duration.ZERO, AT_ONCE, null, false);
    }

    public static RetryPolicy times(int retries, int on) {
        return policy(on, retries, List.of(), Duration.ZERO, Duration.ZERO, AT_ONCE, null, false);
    }

    /** For requests that have a header of that name. */
    public static RetryPolicy ifHeader(RetryPolicy policy, String name) {
        List<ValueMatch> condition = List.of(new ValueMatch(name, new ValueMatch.Test.Present(), false));
        return policy(policy.on(), 1, condition, Duration.ZERO, Duration.ZERO, AT_ONCE, null, false);
    }

    public static RetryPolicy perTry(int on, Duration timeout) {
        return policy(on, 1, List.of(), timeout, Duration.ZERO, AT_ONCE, null, false);
    }

    public static RetryPolicy perTryIdle(int on, Duration timeout) {
        return policy(on, 1, List.of(), Duration.ZERO, timeout, AT_ONCE, null, false);
    }

    /** Far too long, unless the upstream says how long. */
    public static RetryPolicy waiting(int on, @Nullable RateLimitedBackOff asked) {
        return policy(on, 1, List.of(), Duration.ZERO, Duration.ZERO, LATE, asked, false);
    }

    public static RetryPolicy elsewhere(int on) {
        return policy(on, 1, List.of(), Duration.ZERO, Duration.ZERO, AT_ONCE, null, true);
    }

    private static RetryPolicy policy(
            int on,
            int retries,
            List<ValueMatch> requestHeaders,
            Duration perTry,
            Duration perTryIdle,
            BackOff backOff,
            @Nullable RateLimitedBackOff asked,
            boolean elsewhere) {
        return new RetryPolicy(
                on,
                Set.of(418),
                List.of(new ValueMatch("x-again", new ValueMatch.Test.Present(), false)),
                requestHeaders,
                retries,
                perTry,
                perTryIdle,
                backOff,
                asked,
                elsewhere);
    }
}
