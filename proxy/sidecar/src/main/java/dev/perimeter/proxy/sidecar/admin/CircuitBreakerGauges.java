package dev.perimeter.proxy.sidecar.admin;

import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.listen.ClusterView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Whether circuit breakers are open now, and how far from it they are where that is tracked (Envoy: circuit_breakers). */
final class CircuitBreakerGauges {

    private CircuitBreakerGauges() {}

    static void write(List<ClusterView> clusters, StringBuilder text) {
        Map<String, StringBuilder> lines = new TreeMap<>();
        for (ClusterView cluster : clusters) {
            for (Priority priority : Priority.values()) {
                gauges(cluster, priority)
                        .forEach((name, value) -> lines.computeIfAbsent(name, key -> new StringBuilder())
                                .append(name)
                                .append("{envoy_cluster_name=\"")
                                .append(cluster.config()
                                        .name()
                                        .replace("\\", "\\\\")
                                        .replace("\"", "\\\""))
                                .append("\"} ")
                                .append(value)
                                .append('\n'));
            }
        }
        lines.forEach((name, all) ->
                text.append("# TYPE ").append(name).append(" gauge\n").append(all));
    }

    private static Map<String, Long> gauges(ClusterView cluster, Priority priority) {
        ConnectionLimits all = cluster.config().limits();
        ConnectionLimits limits = all.of(priority);
        ClusterLoad.Share load = cluster.load().of(priority);
        long connections = remaining(limits.maxConnections(), load.connections().get());
        long pending = remaining(limits.maxPendingRequests(), load.pending().get());
        long requests = remaining(limits.maxRequests(), load.requests().get());
        long retries =
                limits.retries().remaining(load.retries().get(), load.requests().get());
        String prefix = "envoy_cluster_circuit_breakers_" + priority.name().toLowerCase(Locale.ROOT) + "_";
        Map<String, Long> gauges = new TreeMap<>(Map.of(
                prefix + "cx_open", open(connections),
                prefix + "rq_pending_open", open(pending),
                prefix + "rq_open", open(requests),
                prefix + "rq_retry_open", open(retries)));
        if (limits.trackRemaining()) {
            gauges.putAll(Map.of(
                    prefix + "remaining_cx", connections,
                    prefix + "remaining_pending", pending,
                    prefix + "remaining_rq", requests,
                    prefix + "remaining_retries", retries));
        }
        return gauges;
    }

    private static long remaining(int limit, int used) {
        return Math.max(0, limit - used);
    }

    private static long open(long remaining) {
        return remaining == 0 ? 1 : 0;
    }
}
