package dev.perimeter.proxy.xds.resource.listener;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.snapshot.TcpProxyConfig;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.connection.AccessLogReader;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Envoy's {@code tcp_proxy}. */
public final class TcpProxyReader {

    static final String TYPE_URL = "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";

    /** Envoy's default. */
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private static final FieldList WEIGHT = FieldList.of(ClusterWeight::getDescriptor)
            .honoured(ClusterWeight.NAME_FIELD_NUMBER, ClusterWeight.WEIGHT_FIELD_NUMBER);

    public static final FieldList FIELDS = FieldList.of(TcpProxy::getDescriptor)
            .honoured(
                    TcpProxy.STAT_PREFIX_FIELD_NUMBER,
                    TcpProxy.CLUSTER_FIELD_NUMBER,
                    TcpProxy.IDLE_TIMEOUT_FIELD_NUMBER,
                    TcpProxy.MAX_CONNECT_ATTEMPTS_FIELD_NUMBER)
            .inside(
                    TcpProxy.HASH_POLICY_FIELD_NUMBER,
                    FieldList.of(HashPolicy::getDescriptor)
                            .inside(
                                    HashPolicy.SOURCE_IP_FIELD_NUMBER,
                                    FieldList.of(HashPolicy.SourceIp::getDescriptor)))
            .inside(
                    TcpProxy.WEIGHTED_CLUSTERS_FIELD_NUMBER,
                    FieldList.of(TcpProxy.WeightedCluster::getDescriptor)
                            .inside(TcpProxy.WeightedCluster.CLUSTERS_FIELD_NUMBER, WEIGHT))
            .inside(TcpProxy.ACCESS_LOG_FIELD_NUMBER, AccessLogReader.FIELDS);

    private TcpProxyReader() {}

    static @Nullable TcpProxyConfig read(Any config, Place place) {
        TcpProxy proxy = Messages.read(config, TcpProxy.parser(), FIELDS, place);
        if (proxy == null) {
            return null;
        }
        return new TcpProxyConfig(
                proxy.getStatPrefix(),
                clusters(proxy, place),
                proxy.hasIdleTimeout()
                        ? Amounts.notNegative(proxy.getIdleTimeout(), place.in("idle_timeout"))
                        : IDLE_TIMEOUT,
                AccessLogReader.read(proxy.getAccessLogList(), place),
                proxy.hasMaxConnectAttempts()
                        ? Amounts.between(
                                1, Integer.MAX_VALUE, proxy.getMaxConnectAttempts(), place.in("max_connect_attempts"))
                        : TcpProxyConfig.ATTEMPTS,
                proxy.getHashPolicyCount() > 0 && proxy.getHashPolicy(0).hasSourceIp());
    }

    private static WeightedCluster cluster(String name, long weight, Place place) {
        place.sendsTo(Names.required(name, place));
        return new WeightedCluster(name, weight);
    }

    private static List<WeightedCluster> clusters(TcpProxy proxy, Place place) {
        return switch (proxy.getClusterSpecifierCase()) {
            case CLUSTER -> List.of(cluster(proxy.getCluster(), 1, place.in("cluster")));
            case WEIGHTED_CLUSTERS ->
                weighted(proxy.getWeightedClusters().getClustersList(), place.in("weighted_clusters"));
            default -> {
                place.refuse("needs cluster or weighted_clusters");
                yield List.of();
            }
        };
    }

    private static List<WeightedCluster> weighted(List<ClusterWeight> weights, Place place) {
        List<WeightedCluster> clusters = new ArrayList<>(weights.size());
        for (int i = 0; i < weights.size(); i++) {
            Place here = place.in("clusters", i);
            long weight = Integer.toUnsignedLong(weights.get(i).getWeight());
            if (weight == 0) {
                here.in("weight").refuse("must be 1 or more");
            }
            clusters.add(cluster(weights.get(i).getName(), weight, here.in("name")));
        }
        if (clusters.isEmpty()) {
            place.in("clusters").refuse("must not be empty");
        }
        return List.copyOf(clusters);
    }
}
