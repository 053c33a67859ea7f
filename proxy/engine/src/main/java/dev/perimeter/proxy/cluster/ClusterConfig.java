package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.balance.BalancerKind;
import java.time.Duration;

/**
 * A group of endpoints that serve the same thing.
 *
 * @param connectTimeout bound on one attempt to connect
 * @param endpoints given in place, or by the name of an endpoint set that comes by EDS
 * @param idleTimeout how long an unused pooled connection is kept
 */
public record ClusterConfig(
        String name,
        Duration connectTimeout,
        BalancerKind balancer,
        EndpointSource endpoints,
        ConnectionLimits limits,
        Duration idleTimeout) {

    public sealed interface EndpointSource {

        record Inline(EndpointSet endpoints) implements EndpointSource {}

        record Named(String endpointSet) implements EndpointSource {}
    }

    /** Envoy's circuit breaker thresholds (default priority): each a count at one moment, per proxy. */
    public record ConnectionLimits(int maxConnections, int maxPendingRequests, int maxRequests) {

        public static final ConnectionLimits DEFAULTS = new ConnectionLimits(1024, 1024, 1024);
    }
}
