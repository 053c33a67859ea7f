package dev.perimeter.proxy.xds.resource.resilience;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.ValueMatchReader;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RetryPolicy.RetryHostPredicate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Envoy's RetryPolicy. */
final class RetryPolicyReader {

    private static final int MOST_RETRIES = 1000;

    private static final FieldList HOST_PREDICATE = FieldList.of(RetryHostPredicate::getDescriptor)
            .honoured(RetryHostPredicate.NAME_FIELD_NUMBER, RetryHostPredicate.TYPED_CONFIG_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(io.envoyproxy.envoy.config.route.v3.RetryPolicy::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRY_ON_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.NUM_RETRIES_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.PER_TRY_TIMEOUT_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.PER_TRY_IDLE_TIMEOUT_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRIABLE_STATUS_CODES_FIELD_NUMBER)
            .inside(io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRY_HOST_PREDICATE_FIELD_NUMBER, HOST_PREDICATE)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRY_BACK_OFF_FIELD_NUMBER,
                    BackOffReader.EXPONENTIAL)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RATE_LIMITED_RETRY_BACK_OFF_FIELD_NUMBER,
                    BackOffReader.RATE_LIMITED)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRIABLE_HEADERS_FIELD_NUMBER,
                    ValueMatchReader.HEADER)
            .inside(
                    io.envoyproxy.envoy.config.route.v3.RetryPolicy.RETRIABLE_REQUEST_HEADERS_FIELD_NUMBER,
                    ValueMatchReader.HEADER)
            // Envoy draws again until an endpoint will do; here those that will not do are left out of the one draw.
            .harmless(io.envoyproxy.envoy.config.route.v3.RetryPolicy.HOST_SELECTION_RETRY_MAX_ATTEMPTS_FIELD_NUMBER);

    private RetryPolicyReader() {}

    static RetryPolicy read(io.envoyproxy.envoy.config.route.v3.RetryPolicy policy, Place place) {
        return new RetryPolicy(
                on(policy.getRetryOn(), place.in("retry_on")),
                statuses(policy, place),
                headers(policy.getRetriableHeadersList(), "retriable_headers", place),
                headers(policy.getRetriableRequestHeadersList(), "retriable_request_headers", place),
                policy.hasNumRetries()
                        ? Amounts.between(0, MOST_RETRIES, policy.getNumRetries(), place.in("num_retries"))
                        : 1,
                policy.hasPerTryTimeout()
                        ? Amounts.notNegative(policy.getPerTryTimeout(), place.in("per_try_timeout"))
                        : Duration.ZERO,
                policy.hasPerTryIdleTimeout()
                        ? Amounts.notNegative(policy.getPerTryIdleTimeout(), place.in("per_try_idle_timeout"))
                        : Duration.ZERO,
                BackOffReader.exponential(policy, place.in("retry_back_off")),
                policy.hasRateLimitedRetryBackOff()
                        ? BackOffReader.rateLimited(
                                policy.getRateLimitedRetryBackOff(), place.in("rate_limited_retry_back_off"))
                        : null,
                avoidsPreviousHosts(policy, place));
    }

    private static int on(String conditions, Place place) {
        int bits = 0;
        for (String name : conditions.split(",")) {
            Integer bit = name.isBlank() ? Integer.valueOf(0) : RetryOn.named(name.trim());
            if (bit == null) {
                place.refuse("`" + name.trim() + "` is not a condition; known are " + RetryOn.names());
                return 0;
            }
            bits |= bit;
        }
        return bits;
    }

    private static Set<Integer> statuses(io.envoyproxy.envoy.config.route.v3.RetryPolicy policy, Place place) {
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < policy.getRetriableStatusCodesCount(); i++) {
            statuses.add(Amounts.between(
                    100,
                    599,
                    Integer.toUnsignedLong(policy.getRetriableStatusCodes(i)),
                    place.in("retriable_status_codes", i)));
        }
        return Set.copyOf(statuses);
    }

    private static List<ValueMatch> headers(List<HeaderMatcher> matchers, String field, Place place) {
        List<ValueMatch> conditions = new ArrayList<>(matchers.size());
        for (int i = 0; i < matchers.size(); i++) {
            conditions.add(ValueMatchReader.header(matchers.get(i), place.in(field, i)));
        }
        return List.copyOf(conditions);
    }

    private static boolean avoidsPreviousHosts(io.envoyproxy.envoy.config.route.v3.RetryPolicy policy, Place place) {
        for (int i = 0; i < policy.getRetryHostPredicateCount(); i++) {
            RetryHostPredicate predicate = policy.getRetryHostPredicate(i);
            boolean known = predicate.hasTypedConfig()
                    ? predicate.getTypedConfig().getTypeUrl().endsWith("PreviousHostsPredicate")
                    : predicate.getName().equals("envoy.retry_host_predicates.previous_hosts");
            if (!known) {
                place.in("retry_host_predicate", i).refuse("only previous_hosts is supported yet");
            }
        }
        return policy.getRetryHostPredicateCount() > 0;
    }
}
