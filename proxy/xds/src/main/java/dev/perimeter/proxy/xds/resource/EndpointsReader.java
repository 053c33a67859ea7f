package dev.perimeter.proxy.xds.resource;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.xds.resource.field.Addresses;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Endpoint sets: the addresses of all localities as one list. */
final class EndpointsReader {

    private static final FieldList ENDPOINT = FieldList.of(Endpoint::getDescriptor)
            .inside(Endpoint.ADDRESS_FIELD_NUMBER, Addresses.ENDPOINT_FIELDS)
            .harmless(Endpoint.HOSTNAME_FIELD_NUMBER);

    private static final FieldList LB_ENDPOINT = FieldList.of(LbEndpoint::getDescriptor)
            .inside(LbEndpoint.ENDPOINT_FIELD_NUMBER, ENDPOINT)
            .honoured(LbEndpoint.HEALTH_STATUS_FIELD_NUMBER, LbEndpoint.LOAD_BALANCING_WEIGHT_FIELD_NUMBER)
            .harmless(LbEndpoint.METADATA_FIELD_NUMBER);

    private static final FieldList LOCALITY = FieldList.of(LocalityLbEndpoints::getDescriptor)
            .inside(LocalityLbEndpoints.LB_ENDPOINTS_FIELD_NUMBER, LB_ENDPOINT)
            // Without locality-weighted balancing, which is refused on the cluster, these have no effect in Envoy
            // either.
            .harmless(
                    LocalityLbEndpoints.LOCALITY_FIELD_NUMBER,
                    LocalityLbEndpoints.METADATA_FIELD_NUMBER,
                    LocalityLbEndpoints.LOAD_BALANCING_WEIGHT_FIELD_NUMBER,
                    LocalityLbEndpoints.PROXIMITY_FIELD_NUMBER)
            .refused(LocalityLbEndpoints.PRIORITY_FIELD_NUMBER, "only priority 0 is supported yet; remove it");

    static final FieldList FIELDS = FieldList.of(ClusterLoadAssignment::getDescriptor)
            .honoured(ClusterLoadAssignment.CLUSTER_NAME_FIELD_NUMBER)
            .inside(ClusterLoadAssignment.ENDPOINTS_FIELD_NUMBER, LOCALITY)
            .inside(
                    ClusterLoadAssignment.POLICY_FIELD_NUMBER,
                    FieldList.of(Policy::getDescriptor).harmless(Policy.OVERPROVISIONING_FACTOR_FIELD_NUMBER));

    private EndpointsReader() {}

    static EndpointSet read(ClusterLoadAssignment assignment, Place place) {
        List<EndpointSet.Endpoint> endpoints = new ArrayList<>();
        Set<InetSocketAddress> seen = new HashSet<>();
        for (int i = 0; i < assignment.getEndpointsCount(); i++) {
            LocalityLbEndpoints locality = assignment.getEndpoints(i);
            for (int j = 0; j < locality.getLbEndpointsCount(); j++) {
                Place here = place.in("endpoints", i).in("lb_endpoints", j);
                EndpointSet.Endpoint endpoint = endpoint(locality.getLbEndpoints(j), here);
                if (!seen.add(endpoint.address())) {
                    here.in("endpoint").in("address").refuse("there is another endpoint with this address");
                }
                endpoints.add(endpoint);
            }
        }
        return new EndpointSet(assignment.getClusterName(), List.copyOf(endpoints));
    }

    private static EndpointSet.Endpoint endpoint(LbEndpoint endpoint, Place place) {
        boolean healthy = switch (endpoint.getHealthStatus()) {
            case UNKNOWN, HEALTHY, DEGRADED -> true;
            case UNHEALTHY, DRAINING, TIMEOUT -> false;
            case UNRECOGNIZED -> {
                place.in("health_status").refuse(endpoint.getHealthStatusValue() + " is not a health status");
                yield false;
            }
        };
        int weight = endpoint.hasLoadBalancingWeight()
                ? Amounts.between(
                        1, Integer.MAX_VALUE, endpoint.getLoadBalancingWeight(), place.in("load_balancing_weight"))
                : 1;
        return new EndpointSet.Endpoint(
                Addresses.remote(
                        endpoint.getEndpoint().getAddress(),
                        place.in("endpoint").in("address")),
                weight,
                healthy);
    }
}
