package dev.perimeter.proxy.xds.resource;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.HealthChecking;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.ConfigSources;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.Http2OptionsReader;
import dev.perimeter.proxy.xds.resource.resilience.CircuitBreakersReader;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Clusters whose endpoints stand in place (STATIC) or come by EDS. */
final class ClusterReader {

    /** Envoy's default. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final FieldList EDS = FieldList.of(EdsClusterConfig::getDescriptor)
            .inside(EdsClusterConfig.EDS_CONFIG_FIELD_NUMBER, ConfigSources.FIELDS)
            .honoured(EdsClusterConfig.SERVICE_NAME_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(Cluster::getDescriptor)
            .honoured(
                    Cluster.NAME_FIELD_NUMBER,
                    Cluster.TYPE_FIELD_NUMBER,
                    Cluster.CONNECT_TIMEOUT_FIELD_NUMBER,
                    Cluster.LB_POLICY_FIELD_NUMBER,
                    Cluster.TYPED_EXTENSION_PROTOCOL_OPTIONS_FIELD_NUMBER,
                    Cluster.MAX_REQUESTS_PER_CONNECTION_FIELD_NUMBER)
            .inside(Cluster.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS)
            .inside(Cluster.EDS_CLUSTER_CONFIG_FIELD_NUMBER, EDS)
            .inside(Cluster.LOAD_ASSIGNMENT_FIELD_NUMBER, EndpointsReader.FIELDS)
            .inside(Cluster.CIRCUIT_BREAKERS_FIELD_NUMBER, CircuitBreakersReader.FIELDS)
            .harmless(
                    Cluster.ALT_STAT_NAME_FIELD_NUMBER,
                    Cluster.METADATA_FIELD_NUMBER,
                    Cluster.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER);

    private final Map<String, BalancerKind> balancers = new TreeMap<>();

    ClusterReader(List<BalancerKind> balancers) {
        balancers.forEach(balancer -> this.balancers.put(balancer.name(), balancer));
    }

    @Nullable
    ClusterConfig read(Cluster cluster, Place place) {
        BalancerKind balancer = balancers.get(cluster.getLbPolicy().name());
        if (balancer == null) {
            place.in("lb_policy")
                    .refuse(cluster.getLbPolicy() + " is not supported yet; known are " + balancers.keySet());
            return null;
        }
        return new ClusterConfig(
                cluster.getName(),
                cluster.hasConnectTimeout()
                        ? Amounts.positive(cluster.getConnectTimeout(), place.in("connect_timeout"))
                        : CONNECT_TIMEOUT,
                new LoadBalancing(balancer),
                endpoints(cluster, place),
                CircuitBreakersReader.read(cluster.getCircuitBreakers(), place.in("circuit_breakers")),
                UpstreamProtocolReader.read(cluster, place),
                UpstreamTransport.PLAIN,
                HealthChecking.NONE);
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
        if (cluster.getTypeValue() != DiscoveryType.STATIC_VALUE) {
            place.in("type").refuse(cluster.getType() + " is not supported yet, only EDS and STATIC are");
        }
        if (cluster.hasEdsClusterConfig()) {
            place.in("eds_cluster_config").refuse("does not go with type STATIC; remove it");
        }
        return new EndpointSource.Inline(
                EndpointsReader.read(cluster.getLoadAssignment(), place.in("load_assignment")));
    }
}
