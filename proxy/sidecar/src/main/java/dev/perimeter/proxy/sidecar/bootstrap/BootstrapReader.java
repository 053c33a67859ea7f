package dev.perimeter.proxy.sidecar.bootstrap;

import com.google.protobuf.Any;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap.NodeIdentity;
import dev.perimeter.proxy.sidecar.bootstrap.Section.Findings;
import dev.perimeter.proxy.sidecar.text.YamlTree;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.transport.ControlPlane;
import dev.perimeter.proxy.xds.transport.GrpcTransports.AdsServer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads Envoy's bootstrap, YAML or JSON (which is YAML too). Anything set that is not read here is refused by its path.
 * What the resources that stand in it say is judged later, by those who read such resources wherever they come from.
 */
public final class BootstrapReader {

    private BootstrapReader() {}

    /** The bootstrap, or the sentence that says what is wrong with it. Never throws. */
    public static Parsed<Bootstrap> read(String text) {
        return switch (YamlTree.read("bootstrap", text)) {
            case Parsed.Ok<Map<?, ?>>(Map<?, ?> whole) -> read(whole);
            case Parsed.Bad<Map<?, ?>>(String path, String reason) -> new Parsed.Bad<>(path, reason);
        };
    }

    private static Parsed<Bootstrap> read(Map<?, ?> whole) {
        Findings findings = new Findings();
        Section root = new Section(whole, "", findings);
        Section dynamic = root.optional("dynamic_resources");
        NodeIdentity node = node(root, dynamic.isSet());
        Section clusterManager = root.optional("cluster_manager");
        String localCluster = clusterManager.text("local_cluster_name", "");
        // Every cluster is made before it is asked for.
        clusterManager.harmless("enable_deferred_cluster_creation");
        clusterManager.end();
        SocketAddress admin = AdminAddress.read(root);
        AdsServer ads = dynamic.has("ads_config") ? ads(dynamic.section("ads_config")) : null;
        Map<ResourceType, Duration> firstWaits = new EnumMap<>(ResourceType.class);
        ResourceSource listeners = source(dynamic, "lds_config", ads, ResourceType.LISTENER, firstWaits);
        ResourceSource clusters = source(dynamic, "cds_config", ads, ResourceType.CLUSTER, firstWaits);
        dynamic.end();

        Set<String> servers = new TreeSet<>();
        if (ads != null) {
            servers.add(ads.cluster());
        }
        for (ResourceSource source : new @Nullable ResourceSource[] {listeners, clusters}) {
            if (source instanceof ResourceSource.Grpc(String cluster, boolean delta)) {
                servers.add(cluster);
            }
        }
        Section resources = servers.isEmpty() ? root.optional("static_resources") : root.section("static_resources");
        List<Section> clusterSections = resources.list("clusters", !servers.isEmpty());
        Map<String, ControlPlane> controlPlanes = ControlPlanes.read(clusterSections, servers, resources);
        Map<ResourceType, List<Any>> fixed = StaticResources.read(clusterSections, servers, resources, findings);
        resources.end();
        if (!localCluster.isEmpty()
                && (servers.contains(localCluster)
                        || clusterSections.stream()
                                .noneMatch(cluster -> cluster.text("name").equals(localCluster)))) {
            clusterManager.refuse(
                    "local_cluster_name", "there is no cluster `" + localCluster + "` for traffic in static_resources");
        }
        OverloadConfig overload = OverloadReader.read(root);
        OtherFields.read(root);
        root.end();
        return findings.outcome(new Bootstrap(
                node,
                localCluster,
                admin,
                controlPlanes,
                ads,
                listeners,
                clusters,
                Map.copyOf(firstWaits),
                fixed,
                overload,
                findings.harmless(),
                whole));
    }

    private static NodeIdentity node(Section root, boolean required) {
        Section node = required ? root.section("node") : root.optional("node");
        Section locality = node.optional("locality");
        NodeIdentity identity = new NodeIdentity(
                required ? node.text("id") : node.text("id", ""),
                node.text("cluster", ""),
                node.free("metadata"),
                locality.text("region", ""),
                locality.text("zone", ""),
                locality.text("sub_zone", ""));
        locality.end();
        // What the proxy says of its own make is its own.
        node.harmless("user_agent_name", "user_agent_version", "user_agent_build_version", "extensions");
        node.harmless("client_features", "listening_addresses", "dynamic_parameters");
        node.end();
        return identity;
    }

    private static AdsServer ads(Section ads) {
        ResourceSource.Grpc server = api(ads);
        return new AdsServer(server.cluster(), server.delta());
    }

    /** Where all resources of a type come from, or null. */
    private static @Nullable ResourceSource source(
            Section dynamic,
            String kind,
            @Nullable AdsServer ads,
            ResourceType type,
            Map<ResourceType, Duration> firstWaits) {
        if (!dynamic.has(kind)) {
            return null;
        }
        Section source = dynamic.section(kind);
        version(source, "resource_api_version");
        if (source.has("initial_fetch_timeout")) {
            firstWaits.put(type, source.duration("initial_fetch_timeout"));
        }
        ResourceSource from;
        if (source.has("api_config_source")) {
            from = api(source.section("api_config_source"));
        } else if (source.has("path_config_source")) {
            Section file = source.section("path_config_source");
            from = new ResourceSource.File(file.text("path"));
            file.harmless("watched_directory");
            file.end();
        } else if (source.has("path")) {
            from = new ResourceSource.File(source.text("path"));
        } else {
            source.section("ads").end();
            from = ResourceSource.ADS;
            if (ads == null) {
                source.refuse("ads", "needs dynamic_resources.ads_config");
            }
        }
        source.end();
        return from;
    }

    private static ResourceSource.Grpc api(Section api) {
        String type = api.text("api_type");
        if (!type.equals("GRPC") && !type.equals("DELTA_GRPC")) {
            api.refuse(
                    "api_type",
                    "must be GRPC or DELTA_GRPC; other ways to get the configuration are not supported yet");
        }
        version(api, "transport_api_version");
        // The node is sent with the first message of a stream only, which every server must be able to live with.
        api.accept("set_node_on_first_message_only");
        Section service = api.only("grpc_services");
        Section grpc = service.section("envoy_grpc");
        String name = grpc.text("cluster_name");
        grpc.end();
        // A stream of discovery has no end to wait for.
        service.harmless("timeout");
        service.end();
        api.harmless("request_timeout", "refresh_delay");
        api.end();
        return new ResourceSource.Grpc(name, type.equals("DELTA_GRPC"));
    }

    private static void version(Section section, String field) {
        String version = section.text(field, "V3");
        if (!version.equals("V3")) {
            section.refuse(field, "`" + version + "` must be V3");
        }
    }
}
