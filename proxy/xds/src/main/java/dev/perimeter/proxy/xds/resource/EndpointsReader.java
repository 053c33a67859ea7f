package dev.perimeter.proxy.xds.resource;

import com.google.protobuf.Struct;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.CheckOverride;
import dev.perimeter.proxy.cluster.EndpointSet.HealthStatus;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.xds.resource.cluster.LbMetadata;
import dev.perimeter.proxy.xds.resource.field.Addresses;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Endpoint sets: the addresses of all localities as one list, each with its place, priority and metadata. */
final class EndpointsReader {

    /** Envoy's bound on priorities. */
    private static final int MOST_PRIORITY = 128;

    private static final String SUBSET_FILTER = "envoy.lb";
    private static final String TRANSPORT_FILTER = "envoy.transport_socket_match";

    private static final FieldList CHECK = FieldList.of(HealthCheckConfig::getDescriptor)
            .honoured(
                    HealthCheckConfig.PORT_VALUE_FIELD_NUMBER,
                    HealthCheckConfig.HOSTNAME_FIELD_NUMBER,
                    HealthCheckConfig.DISABLE_ACTIVE_HEALTH_CHECK_FIELD_NUMBER);

    private static final FieldList ENDPOINT = FieldList.of(Endpoint::getDescriptor)
            .inside(Endpoint.ADDRESS_FIELD_NUMBER, Addresses.ENDPOINT_FIELDS)
            .inside(Endpoint.HEALTH_CHECK_CONFIG_FIELD_NUMBER, CHECK)
            .honoured(Endpoint.HOSTNAME_FIELD_NUMBER);

    private static final FieldList LB_ENDPOINT = FieldList.of(LbEndpoint::getDescriptor)
            .inside(LbEndpoint.ENDPOINT_FIELD_NUMBER, ENDPOINT)
            .honoured(
                    LbEndpoint.HEALTH_STATUS_FIELD_NUMBER,
                    LbEndpoint.LOAD_BALANCING_WEIGHT_FIELD_NUMBER,
                    LbEndpoint.METADATA_FIELD_NUMBER);

    private static final FieldList LOCALITY = FieldList.of(LocalityLbEndpoints::getDescriptor)
            .inside(LocalityLbEndpoints.LB_ENDPOINTS_FIELD_NUMBER, LB_ENDPOINT)
            .honoured(
                    LocalityLbEndpoints.LOCALITY_FIELD_NUMBER,
                    LocalityLbEndpoints.LOAD_BALANCING_WEIGHT_FIELD_NUMBER,
                    LocalityLbEndpoints.PRIORITY_FIELD_NUMBER)
            // Has no effect in Envoy either.
            .harmless(LocalityLbEndpoints.METADATA_FIELD_NUMBER, LocalityLbEndpoints.PROXIMITY_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(ClusterLoadAssignment::getDescriptor)
            .honoured(ClusterLoadAssignment.CLUSTER_NAME_FIELD_NUMBER)
            .inside(ClusterLoadAssignment.ENDPOINTS_FIELD_NUMBER, LOCALITY)
            .inside(
                    ClusterLoadAssignment.POLICY_FIELD_NUMBER,
                    FieldList.of(Policy::getDescriptor)
                            .honoured(
                                    Policy.OVERPROVISIONING_FACTOR_FIELD_NUMBER,
                                    Policy.WEIGHTED_PRIORITY_HEALTH_FIELD_NUMBER));

    private EndpointsReader() {}

    static EndpointSet read(ClusterLoadAssignment assignment, Place place) {
        return read(assignment, false, place);
    }

    /** @param names whether hosts may have names in the place of addresses */
    static EndpointSet read(ClusterLoadAssignment assignment, boolean names, Place place) {
        List<EndpointSet.Endpoint> endpoints = new ArrayList<>();
        Set<InetSocketAddress> seen = new HashSet<>();
        for (int i = 0; i < assignment.getEndpointsCount(); i++) {
            LocalityLbEndpoints group = assignment.getEndpoints(i);
            Locality locality = locality(group, place.in("endpoints", i));
            for (int j = 0; j < group.getLbEndpointsCount(); j++) {
                Place here = place.in("endpoints", i).in("lb_endpoints", j);
                EndpointSet.Endpoint endpoint = endpoint(group.getLbEndpoints(j), locality, names, here);
                if (!seen.add(endpoint.address())) {
                    here.in("endpoint").in("address").refuse("there is another endpoint with this address");
                }
                endpoints.add(endpoint);
            }
        }
        return new EndpointSet(
                assignment.getClusterName(),
                List.copyOf(endpoints),
                policy(assignment.getPolicy(), place.in("policy")));
    }

    private static EndpointSet.Policy policy(Policy policy, Place place) {
        return new EndpointSet.Policy(
                policy.hasOverprovisioningFactor()
                        ? Amounts.between(
                                1, 1_000_000, policy.getOverprovisioningFactor(), place.in("overprovisioning_factor"))
                        : EndpointSet.Policy.DEFAULTS.overprovisioningPercent(),
                policy.getWeightedPriorityHealth());
    }

    private static Locality locality(LocalityLbEndpoints group, Place place) {
        return new Locality(
                group.getLocality().getRegion(),
                group.getLocality().getZone(),
                group.getLocality().getSubZone(),
                Amounts.between(0, MOST_PRIORITY, Integer.toUnsignedLong(group.getPriority()), place.in("priority")),
                Integer.toUnsignedLong(group.getLoadBalancingWeight().getValue()));
    }

    private static EndpointSet.Endpoint endpoint(LbEndpoint endpoint, Locality locality, boolean names, Place place) {
        HealthStatus status = switch (endpoint.getHealthStatus()) {
            case UNKNOWN -> HealthStatus.UNKNOWN;
            case HEALTHY -> HealthStatus.HEALTHY;
            case DEGRADED -> HealthStatus.DEGRADED;
            case UNHEALTHY -> HealthStatus.UNHEALTHY;
            case DRAINING -> HealthStatus.DRAINING;
            case TIMEOUT -> HealthStatus.TIMEOUT;
            case UNRECOGNIZED -> {
                place.in("health_status").refuse(endpoint.getHealthStatusValue() + " is not a health status");
                yield HealthStatus.UNKNOWN;
            }
        };
        int weight = endpoint.hasLoadBalancingWeight()
                ? Amounts.between(
                        1, Integer.MAX_VALUE, endpoint.getLoadBalancingWeight(), place.in("load_balancing_weight"))
                : 1;
        Place inner = place.in("endpoint");
        return new EndpointSet.Endpoint(
                Addresses.remote(endpoint.getEndpoint().getAddress(), names, inner.in("address")),
                endpoint.getEndpoint().getHostname(),
                weight,
                status,
                locality,
                metadata(endpoint, SUBSET_FILTER, place.in("metadata")),
                check(endpoint.getEndpoint().getHealthCheckConfig(), inner.in("health_check_config")),
                metadata(endpoint, TRANSPORT_FILTER, place.in("metadata")));
    }

    /** What stands under other names than Envoy's two is for filters that ask for it, of which there are none. */
    private static Map<String, Object> metadata(LbEndpoint endpoint, String name, Place place) {
        Struct found = endpoint.getMetadata().getFilterMetadataMap().get(name);
        return found == null ? Map.of() : LbMetadata.read(found, place.in("filter_metadata[" + name + "]"));
    }

    private static CheckOverride check(HealthCheckConfig config, Place place) {
        if (config.equals(HealthCheckConfig.getDefaultInstance())) {
            return CheckOverride.NONE;
        }
        return new CheckOverride(
                Amounts.between(0, 65_535, Integer.toUnsignedLong(config.getPortValue()), place.in("port_value")),
                config.getHostname(),
                config.getDisableActiveHealthCheck());
    }
}
