package dev.perimeter.proxy.xds.resource.resilience;

import com.google.protobuf.UInt32Value;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.mirror.MirrorPolicy;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a route, its virtual host and its table say of retries, hedging and copies. The most specific one that says
 * anything is taken whole; nothing is merged (as in Envoy).
 */
public final class ResilienceReader {

    private final @Nullable RetryPolicy retry;
    private final boolean hedge;
    private final List<MirrorPolicy> mirrors;
    private final long bufferLimit;
    private final boolean countInRequest;
    private final boolean countInResponse;

    /** Reads what stands for all routes of the host. */
    public ResilienceReader(RouteConfiguration table, Place tablePlace, VirtualHost host, Place place) {
        retry = host.hasRetryPolicy() ? RetryPolicyReader.read(host.getRetryPolicy(), place.in("retry_policy")) : null;
        hedge = HedgePolicyReader.read(host.getHedgePolicy(), place.in("hedge_policy"));
        mirrors = host.getRequestMirrorPoliciesCount() > 0
                ? MirrorPolicyReader.read(host.getRequestMirrorPoliciesList(), place)
                : MirrorPolicyReader.read(table.getRequestMirrorPoliciesList(), tablePlace);
        bufferLimit = host.hasPerRequestBufferLimitBytes()
                ? bytes(host.getPerRequestBufferLimitBytes())
                : Resilience.DEFAULT_BUFFER_LIMIT;
        countInRequest = host.getIncludeRequestAttemptCount();
        countInResponse = host.getIncludeAttemptCountInResponse();
    }

    public static FieldList table(FieldList fields) {
        return fields.inside(RouteConfiguration.REQUEST_MIRROR_POLICIES_FIELD_NUMBER, MirrorPolicyReader.FIELDS);
    }

    public static FieldList host(FieldList fields) {
        return fields.inside(VirtualHost.RETRY_POLICY_FIELD_NUMBER, RetryPolicyReader.FIELDS)
                .inside(VirtualHost.HEDGE_POLICY_FIELD_NUMBER, HedgePolicyReader.FIELDS)
                .inside(VirtualHost.REQUEST_MIRROR_POLICIES_FIELD_NUMBER, MirrorPolicyReader.FIELDS)
                .honoured(
                        VirtualHost.PER_REQUEST_BUFFER_LIMIT_BYTES_FIELD_NUMBER,
                        VirtualHost.INCLUDE_REQUEST_ATTEMPT_COUNT_FIELD_NUMBER,
                        VirtualHost.INCLUDE_ATTEMPT_COUNT_IN_RESPONSE_FIELD_NUMBER);
    }

    public static FieldList route(FieldList fields) {
        return fields.honoured(Route.PER_REQUEST_BUFFER_LIMIT_BYTES_FIELD_NUMBER);
    }

    public static FieldList action(FieldList fields) {
        return fields.inside(RouteAction.RETRY_POLICY_FIELD_NUMBER, RetryPolicyReader.FIELDS)
                .inside(RouteAction.HEDGE_POLICY_FIELD_NUMBER, HedgePolicyReader.FIELDS)
                .inside(RouteAction.REQUEST_MIRROR_POLICIES_FIELD_NUMBER, MirrorPolicyReader.FIELDS)
                .honoured(RouteAction.PRIORITY_FIELD_NUMBER);
    }

    /** @param place of the route */
    public Resilience read(Route route, Place place) {
        RouteAction action = route.getRoute();
        Place here = place.in("route");
        return new Resilience(
                action.hasRetryPolicy()
                        ? RetryPolicyReader.read(action.getRetryPolicy(), here.in("retry_policy"))
                        : retry,
                action.hasHedgePolicy()
                        ? HedgePolicyReader.read(action.getHedgePolicy(), here.in("hedge_policy"))
                        : hedge,
                action.getRequestMirrorPoliciesCount() > 0
                        ? MirrorPolicyReader.read(action.getRequestMirrorPoliciesList(), here)
                        : mirrors,
                route.hasPerRequestBufferLimitBytes() ? bytes(route.getPerRequestBufferLimitBytes()) : bufferLimit,
                priority(action, here),
                countInRequest,
                countInResponse);
    }

    private static Priority priority(RouteAction action, Place place) {
        return switch (action.getPriority()) {
            case DEFAULT -> Priority.DEFAULT;
            case HIGH -> Priority.HIGH;
            case UNRECOGNIZED -> {
                place.in("priority").refuse(action.getPriorityValue() + " is neither DEFAULT nor HIGH");
                yield Priority.DEFAULT;
            }
        };
    }

    private static long bytes(UInt32Value value) {
        return Integer.toUnsignedLong(value.getValue());
    }
}
