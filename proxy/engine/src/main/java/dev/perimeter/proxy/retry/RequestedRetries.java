package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request itself asks for by {@code x-envoy-*} headers (Envoy: router filter, "HTTP headers (consumed)"). They
 * have been removed from requests that are not internal, so they come from inside the network or from a filter.
 */
public final class RequestedRetries {

    private static final String PREFIX = "x-envoy-";
    private static final long NONE = -1;

    private int on;
    private long retries = NONE;
    private long perTryMillis = NONE;
    private long timeoutMillis = NONE;
    private long expectedMillis = NONE;
    private @Nullable Boolean hedge;
    private @Nullable Set<Integer> statuses;
    private @Nullable List<ValueMatch> headers;

    private RequestedRetries() {}

    /** Takes the headers out of the request; null when there are none. */
    public static @Nullable RequestedRetries take(RequestHead head) {
        Headers headers = head.headers();
        int at = headers.indexOfPrefix(PREFIX, 0);
        if (at < 0) {
            return null;
        }
        RequestedRetries requested = new RequestedRetries();
        boolean any = false;
        while (at >= 0) {
            if (requested.read(headers.name(at).substring(PREFIX.length()), headers.value(at))) {
                headers.removeAt(at);
                any = true;
            } else {
                at++;
            }
            at = headers.indexOfPrefix(PREFIX, at);
        }
        return any ? requested : null;
    }

    private boolean read(String name, String value) {
        switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "retry-on", "retry-grpc-on" -> on |= RetryOn.ofHeader(value);
            case "max-retries" -> retries = number(value);
            case "upstream-rq-timeout-ms" -> timeoutMillis = number(value);
            case "upstream-rq-per-try-timeout-ms" -> perTryMillis = number(value);
            case "expected-rq-timeout-ms" -> expectedMillis = number(value);
            case "hedge-on-per-try-timeout" -> hedge = value.equals("true");
            case "retriable-status-codes" -> statuses = statuses(value);
            case "retriable-header-names" -> headers = names(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The route's policy with the request's wishes; null when neither wants anything. */
    public @Nullable RetryPolicy over(@Nullable RetryPolicy ofRoute) {
        if (on == 0 && retries == NONE && perTryMillis == NONE && statuses == null && headers == null) {
            return ofRoute;
        }
        RetryPolicy base = ofRoute == null ? RetryPolicy.NOTHING : ofRoute;
        return new RetryPolicy(
                base.on() | on,
                statuses == null ? base.statuses() : union(base.statuses(), statuses),
                headers == null ? base.headers() : concat(base.headers(), headers),
                base.requestHeaders(),
                retries == NONE ? base.retries() : (int) retries,
                perTryMillis == NONE ? base.perTryTimeout() : Duration.ofMillis(perTryMillis),
                base.perTryIdleTimeout(),
                base.backOff(),
                base.rateLimited(),
                base.avoidPreviousHosts());
    }

    public boolean hedge(boolean ofRoute) {
        return hedge == null ? ofRoute : hedge;
    }

    /**
     * The time-out of the whole request: what it asks for instead of the route's, and never longer than an earlier proxy
     * waits for us.
     *
     * @param respectExpected whether what that proxy said is believed
     */
    public Duration timeout(Duration ofRoute, boolean respectExpected) {
        Duration asked = timeoutMillis == NONE ? ofRoute : Duration.ofMillis(timeoutMillis);
        boolean shorter =
                respectExpected && expectedMillis > 0 && (asked.isZero() || expectedMillis < asked.toMillis());
        return shorter ? Duration.ofMillis(expectedMillis) : asked;
    }

    private static Set<Integer> union(Set<Integer> first, Set<Integer> second) {
        Set<Integer> all = new HashSet<>(first);
        all.addAll(second);
        return all;
    }

    private static List<ValueMatch> concat(List<ValueMatch> first, List<ValueMatch> second) {
        List<ValueMatch> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static Set<Integer> statuses(String list) {
        Set<Integer> found = new HashSet<>();
        for (String each : list.split(",")) {
            long status = number(each.trim());
            if (status != NONE) {
                found.add((int) status);
            }
        }
        return found;
    }

    private static List<ValueMatch> names(String list) {
        List<ValueMatch> found = new ArrayList<>();
        for (String each : list.split(",")) {
            if (!each.isBlank()) {
                found.add(new ValueMatch(each.trim(), new ValueMatch.Test.Present(), false));
            }
        }
        return found;
    }

    /** At most nine digits, which fits every use; anything else means nothing (as in Envoy). */
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return NONE;
        }
        return Long.parseLong(text);
    }
}
