package dev.perimeter.proxy.sidecar.bootstrap;

import com.google.protobuf.Any;
import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.ControlPlane;
import dev.perimeter.proxy.xds.transport.GrpcTransports.AdsServer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy must know before it can ask for the rest, or all there is to know.
 *
 * @param node who this proxy is
 * @param localCluster the static cluster whose endpoints are all instances of what this proxy serves; empty for none
 * @param admin where the admin pages are, on loopback or a Unix socket; null for none
 * @param controlPlanes the static clusters that speak gRPC, by name
 * @param ads where ADS is, or null
 * @param listeners where listeners come from beside those that stand here, or null
 * @param clusters where clusters come from beside those that stand here, or null
 * @param firstWaits how long their first answers are waited for, as far as it is said (see {@link
 *     dev.perimeter.proxy.xds.stream.Following})
 * @param fixed the resources that stand here, in the file's order
 * @param overload when load is shed
 * @param harmless paths of the fields that were accepted without effect
 * @param whole the file as it stands, for {@code /config_dump}
 */
public record Bootstrap(
        NodeIdentity node,
        String localCluster,
        @Nullable SocketAddress admin,
        Map<String, ControlPlane> controlPlanes,
        @Nullable AdsServer ads,
        @Nullable ResourceSource listeners,
        @Nullable ResourceSource clusters,
        Map<ResourceType, Duration> firstWaits,
        Map<ResourceType, List<Any>> fixed,
        OverloadConfig overload,
        List<String> harmless,
        Map<?, ?> whole) {

    public Bootstrap(
            NodeIdentity node,
            @Nullable SocketAddress admin,
            Map<String, ControlPlane> controlPlanes,
            @Nullable AdsServer ads,
            @Nullable ResourceSource listeners,
            @Nullable ResourceSource clusters,
            Map<ResourceType, List<Any>> fixed,
            List<String> harmless,
            Map<?, ?> whole) {
        this(
                node,
                "",
                admin,
                controlPlanes,
                ads,
                listeners,
                clusters,
                Map.of(),
                fixed,
                OverloadConfig.NONE,
                harmless,
                whole);
    }

    /** @param metadata as it stands in the file */
    public record NodeIdentity(
            String id, String cluster, Map<?, ?> metadata, String region, String zone, String subZone) {}

    public String nodeId() {
        return node.id();
    }

    public String nodeCluster() {
        return node.cluster();
    }

    public Map<?, ?> metadata() {
        return node.metadata();
    }
}
