package dev.perimeter.proxy.cluster;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster at one moment, as EDS or the cluster itself gave them.
 *
 * @param policy how their health turns into shares of the load
 */
public record EndpointSet(String name, List<Endpoint> endpoints, Policy policy) {

    public EndpointSet(String name, List<Endpoint> endpoints) {
        this(name, endpoints, Policy.DEFAULTS);
    }

    /**
     * Envoy's ClusterLoadAssignment.Policy.
     *
     * @param overprovisioningPercent how many times the healthy endpoints of a priority are taken as able to carry its
     *     load, in percent; 140 keeps all load on a priority until 72 % of it are healthy
     * @param weightedPriorityHealth whether health is counted by endpoint weights instead of heads
     */
    public record Policy(int overprovisioningPercent, boolean weightedPriorityHealth) {

        public static final Policy DEFAULTS = new Policy(140, false);
    }

    /** What the control plane says of an endpoint (Envoy: core.v3.HealthStatus). */
    public enum HealthStatus {
        UNKNOWN(Health.HEALTHY),
        HEALTHY(Health.HEALTHY),
        UNHEALTHY(Health.UNHEALTHY),
        DRAINING(Health.UNHEALTHY),
        TIMEOUT(Health.UNHEALTHY),
        DEGRADED(Health.DEGRADED);

        private final Health health;

        HealthStatus(Health health) {
            this.health = health;
        }

        public Health health() {
            return health;
        }
    }

    /** What follows for the choice: degraded endpoints come after all healthy ones, unhealthy ones when all else fails. */
    public enum Health {
        HEALTHY,
        DEGRADED,
        UNHEALTHY
    }

    /**
     * Where endpoints are, and how far they are from being asked.
     *
     * @param priority 0 is asked first
     * @param weight share of the locality among those of its priority; 0 gives it none where localities are weighted
     */
    public record Locality(String region, String zone, String subZone, int priority, long weight) {

        public static final Locality NONE = new Locality("", "", "", 0, 0);

        /** Whether the other is the same place, whatever its priority and weight. */
        public boolean samePlace(Locality other) {
            return region.equals(other.region) && zone.equals(other.zone) && subZone.equals(other.subZone);
        }
    }

    /**
     * What differs for the active checks of one endpoint (Envoy: Endpoint.health_check_config).
     *
     * @param port 0 for that of the endpoint
     * @param hostname empty for that of the check
     */
    public record CheckOverride(int port, String hostname, boolean disabled) {

        public static final CheckOverride NONE = new CheckOverride(0, "", false);
    }

    /**
     * @param hostname the name it was found under or given; empty when there is none
     * @param weight relative share, 1 or more
     * @param metadata Envoy's {@code envoy.lb}: what subsets are made by; values are strings, doubles, booleans, lists
     * @param transportMetadata Envoy's {@code envoy.transport_socket_match}: what its transport is chosen by
     */
    public record Endpoint(
            InetSocketAddress address,
            String hostname,
            int weight,
            HealthStatus status,
            Locality locality,
            Map<String, Object> metadata,
            CheckOverride check,
            Map<String, Object> transportMetadata) {

        public Endpoint(
                InetSocketAddress address,
                String hostname,
                int weight,
                HealthStatus status,
                Locality locality,
                Map<String, Object> metadata,
                CheckOverride check) {
            this(address, hostname, weight, status, locality, metadata, check, Map.of());
        }

        public Endpoint(InetSocketAddress address, int weight, boolean healthy) {
            this(
                    address,
                    "",
                    weight,
                    healthy ? HealthStatus.UNKNOWN : HealthStatus.UNHEALTHY,
                    Locality.NONE,
                    Map.of(),
                    CheckOverride.NONE);
        }

        /** The same, where its name was found to be. */
        public Endpoint found(InetSocketAddress there, String name) {
            return new Endpoint(there, name, weight, status, locality, metadata, check, transportMetadata);
        }

        public Endpoint at(Locality place) {
            return new Endpoint(address, hostname, weight, status, place, metadata, check, transportMetadata);
        }

        public Endpoint with(Map<String, Object> lbMetadata) {
            return new Endpoint(address, hostname, weight, status, locality, lbMetadata, check, transportMetadata);
        }

        public Endpoint chosenBy(Map<String, Object> transport) {
            return new Endpoint(address, hostname, weight, status, locality, metadata, check, transport);
        }

        public @Nullable Object metadata(String key) {
            return metadata.get(key);
        }
    }
}
