package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointLoad;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointSet.HealthStatus;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.listen.ClusterView;
import dev.perimeter.proxy.sidecar.admin.socket.AdminReply;
import dev.perimeter.proxy.sidecar.text.Json;
import dev.perimeter.proxy.upstream.connect.Addresses;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code /clusters}: each cluster with its limits, each endpoint with its load, its health and its place; as text or, as
 * Envoy does it, as JSON ({@code admin.v3.Clusters}).
 */
final class ClustersPage implements AdminPage {

    @Override
    public Set<String> parameters() {
        return Set.of("format");
    }

    @Override
    public AdminReply answer(ProxyView proxy, Query query) {
        List<ClusterView> clusters = proxy.dataPlane().clusters();
        return query.get("format", "").equals("json")
                ? AdminReply.json(json(clusters))
                : AdminReply.text(200, text(clusters));
    }

    private static String text(List<ClusterView> clusters) {
        StringBuilder text = new StringBuilder();
        for (ClusterView cluster : clusters) {
            ClusterConfig config = cluster.config();
            String limits = config.name() + "::default_priority::";
            line(text, limits, "max_connections", config.limits().maxConnections());
            line(text, limits, "max_pending_requests", config.limits().maxPendingRequests());
            line(text, limits, "max_requests", config.limits().maxRequests());
            cluster.hosts().forEach(host -> text(text, config.name(), host));
        }
        return text.toString();
    }

    private static void text(StringBuilder text, String cluster, Host host) {
        Endpoint endpoint = host.endpoint();
        Locality locality = endpoint.locality();
        String prefix = cluster + "::" + authority(endpoint.address()) + "::";
        counters(host.state().load()).forEach((name, value) -> line(text, prefix, name, value));
        gauges(host.state().load()).forEach((name, value) -> line(text, prefix, name, value));
        line(text, prefix, "hostname", endpoint.hostname());
        line(text, prefix, "health_flags", flags(host));
        line(text, prefix, "weight", endpoint.weight());
        line(text, prefix, "region", locality.region());
        line(text, prefix, "zone", locality.zone());
        line(text, prefix, "sub_zone", locality.subZone());
        line(text, prefix, "priority", locality.priority());
    }

    private static Map<String, Long> counters(EndpointLoad load) {
        Map<String, Long> counters = new LinkedHashMap<>();
        counters.put("cx_connect_fail", load.connectFailures());
        counters.put("rq_error", load.errors());
        counters.put("rq_success", load.successes());
        counters.put("rq_timeout", load.timeouts());
        counters.put("rq_total", load.requests());
        return counters;
    }

    private static Map<String, Long> gauges(EndpointLoad load) {
        Map<String, Long> gauges = new LinkedHashMap<>();
        gauges.put("cx_active", load.connections());
        gauges.put("rq_active", load.active());
        return gauges;
    }

    /** Envoy's names of what holds, each behind a slash. */
    private static String flags(Host host) {
        StringBuilder flags = new StringBuilder();
        for (Mark mark : Mark.values()) {
            if (host.state().is(mark)) {
                flags.append('/').append(mark.name().toLowerCase(java.util.Locale.ROOT));
            }
        }
        flags.append(
                switch (host.endpoint().status()) {
                    case UNHEALTHY, TIMEOUT -> "/failed_eds_health";
                    case DRAINING -> "/eds_status_draining";
                    case DEGRADED -> "/degraded_eds_health";
                    case UNKNOWN, HEALTHY -> "";
                });
        return flags.isEmpty() ? "healthy" : flags.toString();
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

    private static Map<String, Object> host(Host host) {
        Endpoint endpoint = host.endpoint();
        Locality locality = endpoint.locality();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("address", socketAddress(endpoint.address()));
        List<Object> stats = new java.util.ArrayList<>();
        counters(host.state().load()).forEach((name, value) -> stats.add(stat(name, value, "COUNTER")));
        gauges(host.state().load()).forEach((name, value) -> stats.add(stat(name, value, "GAUGE")));
        status.put("stats", stats);
        status.put("health_status", health(host));
        status.put("weight", endpoint.weight());
        if (!endpoint.hostname().isEmpty()) {
            status.put("hostname", endpoint.hostname());
        }
        if (locality.priority() > 0) {
            status.put("priority", locality.priority());
        }
        status.put(
                "locality",
                Map.of("region", locality.region(), "zone", locality.zone(), "sub_zone", locality.subZone()));
        return status;
    }

    /** As in protobuf's JSON, what does not hold is left out. */
    private static Map<String, Object> health(Host host) {
        Map<String, Object> health = new LinkedHashMap<>();
        mark(health, "failed_active_health_check", host, Mark.FAILED_ACTIVE_HC);
        mark(health, "failed_outlier_check", host, Mark.FAILED_OUTLIER_CHECK);
        mark(health, "failed_active_degraded_check", host, Mark.DEGRADED_ACTIVE_HC);
        mark(health, "pending_active_hc", host, Mark.PENDING_ACTIVE_HC);
        mark(health, "active_hc_timeout", host, Mark.ACTIVE_HC_TIMEOUT);
        // Envoy shows what nobody spoke of as healthy.
        HealthStatus status = host.endpoint().status();
        health.put("eds_health_status", (status == HealthStatus.UNKNOWN ? HealthStatus.HEALTHY : status).name());
        return health;
    }

    private static void mark(Map<String, Object> health, String name, Host host, Mark mark) {
        if (host.state().is(mark)) {
            health.put(name, true);
        }
    }

    private static Map<String, Object> stat(String name, long value, String type) {
        return Map.of("name", name, "value", String.valueOf(value), "type", type);
    }

    static Map<String, Object> socketAddress(InetSocketAddress address) {
        return Map.of("socket_address", Map.of("address", Addresses.host(address), "port_value", address.getPort()));
    }

    static String authority(InetSocketAddress address) {
        return Addresses.text(address);
    }
}
