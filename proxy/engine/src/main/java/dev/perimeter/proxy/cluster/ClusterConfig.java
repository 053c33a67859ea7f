package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.names.NamedEndpoints;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A group of endpoints that serve the same thing.
 *
 * @param connectTimeout bound on one attempt to connect
 * @param endpoints given in place, by the name of an endpoint set that comes by EDS, or by their hosts' names
 * @param balancing how one of the endpoints is chosen
 * @param limits when requests are refused instead of queued
 * @param protocol how the endpoints are spoken to
 * @param transport what the bytes pass through on their way
 * @param health who is left out
 */
public record ClusterConfig(
        String name,
        Duration connectTimeout,
        LoadBalancing balancing,
        EndpointSource endpoints,
        ConnectionLimits limits,
        UpstreamProtocol protocol,
        UpstreamTransport transport,
        HealthChecking health) {

    public sealed interface EndpointSource {

        record Inline(EndpointSet endpoints) implements EndpointSource {}

        record Named(String endpointSet) implements EndpointSource {}

        /**
         * Wherever the client wanted to go before it was redirected here (Envoy: ORIGINAL_DST).
         *
         * @param header of the request that says where instead, or empty
         * @param port instead of the one it wanted; 0 to keep that
         */
        record OriginalDestination(String header, int port) implements EndpointSource {}

        /** By the names of their hosts. */
        record ByName(NamedEndpoints endpoints) implements EndpointSource {}
    }

    /**
     * Envoy's circuit breaker thresholds: each a count at one moment, per proxy.
     *
     * @param high those of routes with priority HIGH; null when they are the same numbers, counted apart
     * @param trackRemaining whether it is shown how far off each limit is
     */
    public record ConnectionLimits(
            int maxConnections,
            int maxPendingRequests,
            int maxRequests,
            RetryLimit retries,
            @Nullable ConnectionLimits high,
            boolean trackRemaining) {

        public static final ConnectionLimits DEFAULTS = new ConnectionLimits(1024, 1024, 1024);

        public ConnectionLimits(int maxConnections, int maxPendingRequests, int maxRequests) {
            this(maxConnections, maxPendingRequests, maxRequests, RetryLimit.STANDARD, null, false);
        }

        public ConnectionLimits of(Priority priority) {
            return priority == Priority.HIGH && high != null ? high : this;
        }
    }
}
