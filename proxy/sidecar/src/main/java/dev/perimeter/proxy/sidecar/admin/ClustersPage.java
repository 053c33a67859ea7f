package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointLoad;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointSet.HealthStatus;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.listen.ClusterView;
import dev.perimeter.proxy.sidecar.text.Json;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** {@code /clusters}: each cluster with its limits, each endpoint with its load; as text or, as Envoy does it, as JSON. */
final class ClustersPage implements AdminPage {

    @Override
    public Reply answer(ProxyView proxy, String query) {
        List<ClusterView> clusters = proxy.dataPlane().clusters();
        return query.equals("format=json") ? Reply.json(json(clusters)) : Reply.text(200, text(clusters));
    }

    private static String text(List<ClusterView> clusters) {
        StringBuilder text = new StringBuilder();
        for (ClusterView cluster : clusters) {
            ClusterConfig config = cluster.config();
            String limits = config.name() + "::default_priority::";
            line(text, limits, "max_connections", config.limits().maxConnections());
            line(text, limits, "max_pending_requests", config.limits().maxPendingRequests());
            line(text, limits, "max_requests", config.limits().maxRequests());
            for (Host endpoint : cluster.hosts()) {
                EndpointLoad load = endpoint.state().load();
                String prefix =
                        config.name() + "::" + authority(endpoint.endpoint().address()) + "::";
                line(text, prefix, "cx_active", load.connections());
                line(text, prefix, "cx_connect_fail", load.connectFailures());
                line(text, prefix, "rq_active", load.active());
                line(text, prefix, "rq_total", load.requests());
                line(text, prefix, "weight", endpoint.endpoint().weight());
                line(
                        text,
                        prefix,
                        "health_flags",
                        endpoint.endpoint().status().health() == Health.UNHEALTHY ? "/failed_eds_health" : "healthy");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String prefix, String name, Object value) {
        text.append(prefix).append(name).append("::").append(value).append('\n');
    }

    private static String json(List<ClusterView> clusters) {
        return Json.write(Map.of(
                "cluster_statuses",
                clusters.stream()
                        .map(cluster -> Map.of(
                                "name",
                                cluster.config().name(),
                                "host_statuses",
                                cluster.hosts().stream().map(ClustersPage::host).toList()))
                        .toList()));
    }

    private static Map<String, Object> host(Host view) {
        EndpointLoad load = view.state().load();
        return Map.of(
                "address",
                socketAddress(view.endpoint().address()),
                "weight",
                view.endpoint().weight(),
                "health_status",
                Map.of("eds_health_status", edsHealth(view)),
                "stats",
                List.of(
                        stat("cx_active", load.connections(), "GAUGE"),
                        stat("cx_connect_fail", load.connectFailures(), "COUNTER"),
                        stat("rq_active", load.active(), "GAUGE"),
                        stat("rq_total", load.requests(), "COUNTER")));
    }

    /** Envoy shows what nobody spoke of as healthy. */
    private static String edsHealth(Host host) {
        HealthStatus status = host.endpoint().status();
        return (status == HealthStatus.UNKNOWN ? HealthStatus.HEALTHY : status).name();
    }

    private static Map<String, Object> stat(String name, long value, String type) {
        return Map.of("name", name, "value", String.valueOf(value), "type", type);
    }

    static Map<String, Object> socketAddress(InetSocketAddress address) {
        return Map.of(
                "socket_address",
                Map.of("address", address.getAddress().getHostAddress(), "port_value", address.getPort()));
    }

    static String authority(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
