package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.route.RouteTable;
import java.util.Map;

/**
 * Everything a proxy serves by, swapped whole. Complete in itself: whoever builds one (the xDS client) has already waited
 * until each named route table and endpoint set is there.
 */
public record Snapshot(
        Map<String, ListenerConfig> listeners,
        Map<String, RouteTable> routeTables,
        Map<String, ClusterConfig> clusters,
        Map<String, EndpointSet> endpointSets) {

    public static final Snapshot EMPTY = new Snapshot(Map.of(), Map.of(), Map.of(), Map.of());
}
