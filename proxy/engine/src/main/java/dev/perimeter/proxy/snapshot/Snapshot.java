package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.tls.Secret;
import java.util.Map;

/**
 * Everything a proxy serves by, swapped whole. Complete in itself: whoever builds one (the xDS client) has already waited
 * until each named route table and endpoint set is there.
 */
public record Snapshot(
        Map<String, ListenerConfig> listeners,
        Map<String, RouteTable> routeTables,
        Map<String, ClusterConfig> clusters,
        Map<String, EndpointSet> endpointSets,
        Map<String, Secret> secrets) {

    /** One whose TLS, if there is any, has its secrets in place. */
    public Snapshot(
            Map<String, ListenerConfig> listeners,
            Map<String, RouteTable> routeTables,
            Map<String, ClusterConfig> clusters,
            Map<String, EndpointSet> endpointSets) {
        this(listeners, routeTables, clusters, endpointSets, Map.of());
    }

    public static final Snapshot EMPTY = new Snapshot(Map.of(), Map.of(), Map.of(), Map.of());
}
