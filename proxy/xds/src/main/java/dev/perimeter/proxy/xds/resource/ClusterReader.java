package dev.perimeter.proxy.xds.resource;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.xds.resource.cluster.DnsExtensionReader;
import dev.perimeter.proxy.xds.resource.cluster.DnsReader;
import dev.perimeter.proxy.xds.resource.cluster.HealthCheckReader;
import dev.perimeter.proxy.xds.resource.cluster.LoadBalancingReader;
import dev.perimeter.proxy.xds.resource.cluster.OriginalDstReader;
import dev.perimeter.proxy.xds.resource.cluster.OutlierReader;
import dev.perimeter.proxy.xds.resource.cluster.PolicyExtensionReader;
import dev.perimeter.proxy.xds.resource.cluster.PolicyReader;
import dev.perimeter.proxy.xds.resource.cluster.SubsetReader;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.ConfigSources;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.Http2OptionsReader;
import dev.perimeter.proxy.xds.resource.resilience.CircuitBreakersReader;
import dev.perimeter.proxy.xds.resource.tls.ClusterTransportReader;
import dev.perimeter.proxy.xds.resource.tls.TransportSocketReader;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clusters whose endpoints stand in place (STATIC), come by EDS, or have names (STRICT_DNS, LOGICAL_DNS). */
final class ClusterReader {

    /** Envoy's default. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final FieldList EDS = FieldList.of(EdsClusterConfig::getDescriptor)
            .inside(EdsClusterConfig.EDS_CONFIG_FIELD_NUMBER, ConfigSources.FIELDS)
            .honoured(EdsClusterConfig.SERVICE_NAME_FIELD_NUMBER);

    static final FieldList FIELDS = DnsReader.honoured(FieldList.of(Cluster::getDescriptor))
            .honoured(
                    Cluster.NAME_FIELD_NUMBER,
                    Cluster.TYPE_FIELD_NUMBER,
                    Cluster.CONNECT_TIMEOUT_FIELD_NUMBER,
                    Cluster.LB_POLICY_FIELD_NUMBER,
                    Cluster.TYPED_EXTENSION_PROTOCOL_OPTIONS_FIELD_NUMBER,
                    Cluster.MAX_REQUESTS_PER_CONNECTION_FIELD_NUMBER)
            .inside(Cluster.COMMON_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, UpstreamProtocolReader.COMMON)
            .inside(Cluster.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS)
            .inside(Cluster.COMMON_LB_CONFIG_FIELD_NUMBER, LoadBalancingReader.COMMON)
            .inside(Cluster.ROUND_ROBIN_LB_CONFIG_FIELD_NUMBER, PolicyReader.ROUND_ROBIN)
            .inside(Cluster.LEAST_REQUEST_LB_CONFIG_FIELD_NUMBER, PolicyReader.LEAST_REQUEST)
            .inside(Cluster.RING_HASH_LB_CONFIG_FIELD_NUMBER, PolicyReader.RING_HASH)
            .inside(Cluster.MAGLEV_LB_CONFIG_FIELD_NUMBER, PolicyReader.MAGLEV)
            .inside(Cluster.LOAD_BALANCING_POLICY_FIELD_NUMBER, PolicyExtensionReader.FIELDS)
            .inside(Cluster.LB_SUBSET_CONFIG_FIELD_NUMBER, SubsetReader.FIELDS)
            .inside(Cluster.HEALTH_CHECKS_FIELD_NUMBER, HealthCheckReader.FIELDS)
            .inside(Cluster.OUTLIER_DETECTION_FIELD_NUMBER, OutlierReader.FIELDS)
            .inside(Cluster.EDS_CLUSTER_CONFIG_FIELD_NUMBER, EDS)
            .inside(Cluster.TRANSPORT_SOCKET_FIELD_NUMBER, TransportSocketReader.FIELDS)
            .inside(Cluster.TRANSPORT_SOCKET_MATCHES_FIELD_NUMBER, ClusterTransportReader.MATCH)
            .inside(Cluster.LOAD_ASSIGNMENT_FIELD_NUMBER, EndpointsReader.FIELDS)
            .inside(Cluster.CLUSTER_TYPE_FIELD_NUMBER, DnsExtensionReader.CLUSTER_TYPE)
            .inside(Cluster.ORIGINAL_DST_LB_CONFIG_FIELD_NUMBER, OriginalDstReader.FIELDS)
            .inside(Cluster.CIRCUIT_BREAKERS_FIELD_NUMBER, CircuitBreakersReader.FIELDS)
            // An endpoint that is removed goes at once, whatever its health.
            .harmless(
                    Cluster.IGNORE_HEALTH_ON_HOST_REMOVAL_FIELD_NUMBER,
                    // Endpoints that fail their checks get no requests; what is under way may end.
                    Cluster.CLOSE_CONNECTIONS_ON_HOST_HEALTH_FAILURE_FIELD_NUMBER,
                    // Connections are opened when they are wanted.
                    Cluster.PRECONNECT_POLICY_FIELD_NUMBER,
                    Cluster.TRACK_CLUSTER_STATS_FIELD_NUMBER,
                    Cluster.TRACK_TIMEOUT_BUDGETS_FIELD_NUMBER,
                    // Endpoints that come on demand go when there are many, not by the clock.
                    Cluster.CLEANUP_INTERVAL_FIELD_NUMBER,
                    // A dead connection is noticed by the time limits of requests and of idle connections.
                    Cluster.UPSTREAM_CONNECTION_OPTIONS_FIELD_NUMBER,
                    Cluster.ALT_STAT_NAME_FIELD_NUMBER,
                    Cluster.METADATA_FIELD_NUMBER,
                    Cluster.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER);

    private final LoadBalancingReader balancing;

    ClusterReader(List<BalancerKind> balancers) {
        balancing = new LoadBalancingReader(balancers);
    }

    @Nullable
    ClusterConfig read(Cluster given, Place place) {
        Cluster cluster = DnsExtensionReader.plain(given, place);
        LoadBalancing choice = balancing.read(OriginalDstReader.withPolicy(cluster, place), place);
        if (choice == null) {
            return null;
        }
        return new ClusterConfig(
                cluster.getName(),
                cluster.hasConnectTimeout()
                        ? Amounts.positive(cluster.getConnectTimeout(), place.in("connect_timeout"))
                        : CONNECT_TIMEOUT,
                choice,
                endpoints(cluster, place),
                CircuitBreakersReader.read(cluster.getCircuitBreakers(), place.in("circuit_breakers")),
                UpstreamProtocolReader.read(cluster, place),
                ClusterTransportReader.read(cluster, UpstreamProtocolReader.validatesName(cluster), place),
                health(cluster, place));
    }

    private static HealthChecking health(Cluster cluster, Place place) {
        return new HealthChecking(
                HealthCheckReader.read(cluster.getHealthChecksList(), place),
                cluster.hasOutlierDetection()
                        ? OutlierReader.read(cluster.getOutlierDetection(), place.in("outlier_detection"))
                        : null,
                cluster.getCommonLbConfig().getIgnoreNewHostsUntilFirstHc());
    }

    private static EndpointSource endpoints(Cluster cluster, Place place) {
        if (cluster.getTypeValue() == DiscoveryType.EDS_VALUE) {
            EdsClusterConfig eds = cluster.getEdsClusterConfig();
            if (cluster.hasLoadAssignment()) {
                place.in("load_assignment").refuse("does not go with type EDS; remove it");
            }
            return new EndpointSource.Named(ConfigSources.reference(
                            ResourceType.ENDPOINTS,
                            eds.getServiceName().isEmpty() ? cluster.getName() : eds.getServiceName(),
                            eds.getEdsConfig(),
                            place.in("eds_cluster_config").in("eds_config"))
                    .key());
        }
        if (cluster.hasEdsClusterConfig()) {
            place.in("eds_cluster_config").refuse("does not go with type " + cluster.getType() + "; remove it");
        }
        if (DnsReader.hasNames(cluster)) {
            EndpointSet templates =
                    EndpointsReader.read(cluster.getLoadAssignment(), true, place.in("load_assignment"));
            return new EndpointSource.ByName(DnsReader.read(cluster, templates, place));
        }
        if (OriginalDstReader.is(cluster)) {
            return OriginalDstReader.read(cluster, place);
        }
        if (cluster.getTypeValue() != DiscoveryType.STATIC_VALUE) {
            place.in("type").refuse(cluster.getTypeValue() + " is not known");
        }
        return new EndpointSource.Inline(
                EndpointsReader.read(cluster.getLoadAssignment(), place.in("load_assignment")));
    }
}
