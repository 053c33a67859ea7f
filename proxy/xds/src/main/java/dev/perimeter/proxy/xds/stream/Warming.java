package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.RouteSource;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * When a configuration is complete: each route table and endpoint set that a listener or cluster names is there. Until
 * then the engine keeps what it has, so a change arrives as a whole whatever the order of its parts.
 */
final class Warming {

    /** Something that is named and asked for. */
    record Named(ResourceType type, String name) implements Comparable<Named> {

        @Override
        public int compareTo(Named other) {
            int byType = type.compareTo(other.type);
            return byType != 0 ? byType : name.compareTo(other.name);
        }
    }

    private Warming() {}

    /** The names that follow from the listeners or clusters, to be asked for. */
    static Set<String> named(World world, ResourceType type) {
        Set<String> names = new TreeSet<>();
        switch (type) {
            case ROUTE_TABLE -> {
                for (ListenerConfig listener : World.values(world.listeners).values()) {
                    if (listener.handling() instanceof HttpManagerConfig http
                            && http.routes() instanceof RouteSource.Named(String table)) {
                        names.add(table);
                    }
                }
            }
            case ENDPOINTS -> {
                for (ClusterConfig cluster : World.values(world.clusters).values()) {
                    if (cluster.endpoints() instanceof EndpointSource.Named(String set)) {
                        names.add(set);
                    }
                }
            }
            case LISTENER, CLUSTER -> {}
        }
        return names;
    }

    /** What is named and has not come. */
    static Set<Named> missing(World world) {
        Set<Named> missing = new TreeSet<>();
        for (ResourceType type : List.of(ResourceType.ENDPOINTS, ResourceType.ROUTE_TABLE)) {
            for (String name : named(world, type)) {
                if (!world.shelf(type).held().containsKey(name)) {
                    missing.add(new Named(type, name));
                }
            }
        }
        return missing;
    }

    /** The configuration; what is named and missing is taken as empty. */
    static Snapshot snapshot(World world) {
        return new Snapshot(
                World.values(world.listeners),
                all(
                        named(world, ResourceType.ROUTE_TABLE),
                        World.values(world.routeTables),
                        name -> new RouteTable(name, List.of(), List.of(), List.of(), false)),
                World.values(world.clusters),
                all(
                        named(world, ResourceType.ENDPOINTS),
                        World.values(world.endpointSets),
                        name -> new EndpointSet(name, List.of())));
    }

    private static <T> Map<String, T> all(Set<String> names, Map<String, T> present, Function<String, T> empty) {
        Map<String, T> all = new LinkedHashMap<>();
        for (String name : names) {
            T value = present.get(name);
            all.put(name, value == null ? empty.apply(name) : value);
        }
        return all;
    }
}
