package dev.perimeter.proxy.xds.resource.cluster;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.OriginalDstLbConfig;

/** Clusters of type ORIGINAL_DST: the endpoint is wherever the client wanted to go. */
public final class OriginalDstReader {

    private static final String HEADER = "x-envoy-original-dst-host";

    public static final FieldList FIELDS = FieldList.of(OriginalDstLbConfig::getDescriptor)
            .honoured(
                    OriginalDstLbConfig.USE_HTTP_HEADER_FIELD_NUMBER,
                    OriginalDstLbConfig.HTTP_HEADER_NAME_FIELD_NUMBER,
                    OriginalDstLbConfig.UPSTREAM_PORT_OVERRIDE_FIELD_NUMBER);

    private OriginalDstReader() {}

    public static boolean is(Cluster cluster) {
        return cluster.getTypeValue() == DiscoveryType.ORIGINAL_DST_VALUE;
    }

    /** There is nothing to choose from, so the policy it must have is one that is never asked. */
    public static Cluster withPolicy(Cluster cluster, Place place) {
        if (!is(cluster)) {
            return cluster;
        }
        if (cluster.getLbPolicy() != LbPolicy.CLUSTER_PROVIDED) {
            place.in("lb_policy").refuse("must be CLUSTER_PROVIDED for type ORIGINAL_DST");
        }
        return cluster.toBuilder().setLbPolicy(LbPolicy.ROUND_ROBIN).build();
    }

    public static EndpointSource read(Cluster cluster, Place place) {
        if (cluster.hasLoadAssignment()) {
            place.in("load_assignment").refuse("does not go with type ORIGINAL_DST; remove it");
        }
        OriginalDstLbConfig config = cluster.getOriginalDstLbConfig();
        String header = config.getHttpHeaderName().isEmpty() ? HEADER : config.getHttpHeaderName();
        return new EndpointSource.OriginalDestination(
                config.getUseHttpHeader() ? header : "",
                Amounts.between(
                        0,
                        65_535,
                        Integer.toUnsignedLong(config.getUpstreamPortOverride().getValue()),
                        place.in("original_dst_lb_config").in("upstream_port_override")));
    }
}
