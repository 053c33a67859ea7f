package dev.perimeter.labs.harness.workload;

import dev.perimeter.controlplane.contract.MetadataKey;
import dev.perimeter.controlplane.contract.NodeId;
import dev.perimeter.controlplane.contract.Ports;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import dev.perimeter.labs.harness.site.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bootstrap of a proxy, in Envoy's own form (config.bootstrap.v3.Bootstrap): who it is, where its admin pages are,
 * where its control plane is. All else comes over xDS.
 */
final class Bootstrap {
    private static final String CONTROL_PLANE_CLUSTER = "xds_cluster";
    private static final String FIXED_HEAP = "envoy.resource_monitors.fixed_heap";

    /**
     * What a proxy may hold in its heap and its buffers together, each of which has 32 MiB by its {@code jvm.options}: at
     * nine tenths of it requests are turned away. One at rest holds less than half.
     */
    private static final int MOST_MEMORY = 27 << 20;

    private static final String HTTP_PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private Bootstrap() {}

    static String ofSidecar(Pod pod) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put(MetadataKey.INTERCEPTION, MetadataKey.EXPLICIT);
        metadata.put(MetadataKey.POD_IP, pod.ip());
        metadata.put(MetadataKey.APP_ADDRESS, pod.appAddress());
        metadata.put(MetadataKey.LABELS, pod.deployment().labels());
        NodeId id = new NodeId(NodeId.Role.SIDECAR, pod.namespace(), pod.name());
        return text(id, pod.deployment().meta().name(), metadata, pod.ip(), pod.site());
    }

    static String ofGateway(String namespace, String name, Site site) {
        NodeId id = new NodeId(NodeId.Role.GATEWAY, namespace, name);
        return text(id, name, Map.of(), site.podIp(Plan.GATEWAY_NUMBER), site);
    }

    private static String text(NodeId id, String cluster, Map<String, Object> metadata, String address, Site site) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("id", id.toString());
        node.put("cluster", cluster);
        node.put("metadata", metadata);
        Map<String, Object> bootstrap = new LinkedHashMap<>();
        bootstrap.put("node", node);
        bootstrap.put("admin", Map.of("address", socketAddress(address, Ports.ADMIN)));
        bootstrap.put("dynamic_resources", dynamicResources());
        bootstrap.put("static_resources", Map.of("clusters", List.of(controlPlane(site))));
        bootstrap.put("overload_manager", overload());
        return YamlWriter.write(Tree.of(bootstrap));
    }

    private static Map<String, Object> dynamicResources() {
        Map<String, Object> ads = new LinkedHashMap<>();
        ads.put("api_type", "GRPC");
        ads.put("transport_api_version", "V3");
        ads.put("grpc_services", List.of(Map.of("envoy_grpc", Map.of("cluster_name", CONTROL_PLANE_CLUSTER))));
        Map<String, Object> byAds = new LinkedHashMap<>();
        byAds.put("resource_api_version", "V3");
        byAds.put("ads", Map.of());
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("ads_config", ads);
        resources.put("lds_config", byAds);
        resources.put("cds_config", byAds);
        return resources;
    }

    private static Map<String, Object> overload() {
        Map<String, Object> bound = new LinkedHashMap<>();
        bound.put("@type", "type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig");
        bound.put("max_heap_size_bytes", MOST_MEMORY);
        Map<String, Object> monitor = new LinkedHashMap<>();
        monitor.put("name", FIXED_HEAP);
        monitor.put("typed_config", bound);
        Map<String, Object> trigger = new LinkedHashMap<>();
        trigger.put("name", FIXED_HEAP);
        trigger.put("threshold", Map.of("value", 0.9));
        Map<String, Object> action = new LinkedHashMap<>();
        action.put("name", "envoy.overload_actions.stop_accepting_requests");
        action.put("triggers", List.of(trigger));
        Map<String, Object> overload = new LinkedHashMap<>();
        overload.put("refresh_interval", "0.1s");
        overload.put("resource_monitors", List.of(monitor));
        overload.put("actions", List.of(action));
        return overload;
    }

    private static Map<String, Object> controlPlane(Site site) {
        Map<String, Object> http2 = new LinkedHashMap<>();
        http2.put("@type", "type.googleapis.com/" + HTTP_PROTOCOL_OPTIONS);
        http2.put("explicit_http_config", Map.of("http2_protocol_options", Map.of()));
        Map<String, Object> endpoint =
                Map.of("endpoint", Map.of("address", socketAddress(site.podIp(Plan.CONTROL_PLANE_NUMBER), Ports.XDS)));
        Map<String, Object> assignment = new LinkedHashMap<>();
        assignment.put("cluster_name", CONTROL_PLANE_CLUSTER);
        assignment.put("endpoints", List.of(Map.of("lb_endpoints", List.of(endpoint))));
        Map<String, Object> cluster = new LinkedHashMap<>();
        cluster.put("name", CONTROL_PLANE_CLUSTER);
        cluster.put("type", "STATIC");
        cluster.put("connect_timeout", "1s");
        cluster.put("typed_extension_protocol_options", Map.of(HTTP_PROTOCOL_OPTIONS, http2));
        cluster.put("load_assignment", assignment);
        return cluster;
    }

    private static Map<String, Object> socketAddress(String address, int port) {
        Map<String, Object> socket = new LinkedHashMap<>();
        socket.put("address", address);
        socket.put("port_value", port);
        return Map.of("socket_address", socket);
    }
}
