package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** All that was accepted from the control plane. Belongs to the control thread. */
final class World {

    final Shelf<ClusterConfig> clusters;
    final Shelf<EndpointSet> endpointSets;
    final Shelf<ListenerConfig> listeners;
    final Shelf<RouteTable> routeTables;

    World(ResourceReader reader) {
        clusters = new Shelf<>(ResourceType.CLUSTER, reader::cluster);
        endpointSets = new Shelf<>(ResourceType.ENDPOINTS, reader::endpoints);
        listeners = new Shelf<>(ResourceType.LISTENER, reader::listener);
        routeTables = new Shelf<>(ResourceType.ROUTE_TABLE, reader::routeTable);
    }

    Shelf<?> shelf(ResourceType type) {
        return switch (type) {
            case CLUSTER -> clusters;
            case ENDPOINTS -> endpointSets;
            case LISTENER -> listeners;
            case ROUTE_TABLE -> routeTables;
        };
    }

    static <T> Map<String, T> values(Shelf<T> shelf) {
        return mapped(shelf, held -> held.resource().value());
    }

    static <T, R> Map<String, R> mapped(Shelf<T> shelf, Function<Held<T>, R> function) {
        Map<String, R> mapped = new LinkedHashMap<>();
        shelf.held().forEach((name, held) -> mapped.put(name, function.apply(held)));
        return mapped;
    }
}
