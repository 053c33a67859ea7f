package dev.perimeter.proxy.xds.world;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.field.DiscoveredFilters;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.Reference;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the snapshot of an {@link Outlook}. What is named and did not come is taken as empty: an empty route table, no
 * endpoints, a filter that answers 500.
 */
public final class Warming {

    /** A listener whose filters come by ECDS, as it was last put together. */
    private record Joined(
            Resource<ListenerConfig> from, List<DiscoveredFilters.@Nullable Config> filters, ListenerConfig value) {}

    private final World world;
    private final Map<String, Joined> joined = new HashMap<>();

    public Warming(World world) {
        this.world = world;
    }

    public Snapshot snapshot(Outlook outlook) {
        Map<String, RouteTable> tables = new LinkedHashMap<>();
        Map<String, EndpointSet> endpoints = new LinkedHashMap<>();
        Map<String, Secret> secrets = new LinkedHashMap<>();
        for (Named named : outlook.named()) {
            if (named.type() == ResourceType.ROUTE_TABLE) {
                Held<RouteTable> held = world.routeTables.held(named);
                tables.put(
                        named.key(),
                        held == null
                                ? new RouteTable(named.name(), List.of(), List.of(), List.of(), false)
                                : held.resource().value());
            } else if (named.type() == ResourceType.ENDPOINTS) {
                Held<EndpointSet> held = world.endpointSets.held(named);
                endpoints.put(
                        named.key(),
                        held == null
                                ? new EndpointSet(named.name(), List.of())
                                : held.resource().value());
            } else if (named.type() == ResourceType.SECRET) {
                Held<Secret> held = world.secrets.held(named);
                if (held != null) {
                    secrets.put(named.key(), held.resource().value());
                }
            }
        }
        Map<String, ClusterConfig> clusters = new LinkedHashMap<>();
        outlook.clusters.forEach((name, resource) -> clusters.put(name, resource.value()));
        return new Snapshot(listeners(outlook), tables, clusters, endpoints, secrets);
    }

    private Map<String, ListenerConfig> listeners(Outlook outlook) {
        Map<String, ListenerConfig> listeners = new LinkedHashMap<>();
        outlook.listeners.forEach((name, resource) -> listeners.put(name, withFilters(resource)));
        joined.keySet().retainAll(listeners.keySet());
        return listeners;
    }

    /**
     * A listener with the filters that came by ECDS in their places. It is read again when one of them changes: that keeps
     * its value one piece, without holes for the engine to fill.
     */
    private ListenerConfig withFilters(Resource<ListenerConfig> listener) {
        List<DiscoveredFilters.@Nullable Config> filters = new ArrayList<>();
        for (Reference reference : listener.references()) {
            if (reference.to().type() == ResourceType.FILTER_CONFIG) {
                filters.add(filter(reference.to()));
            }
        }
        if (filters.isEmpty()) {
            return listener.value();
        }
        Joined before = joined.get(listener.name());
        if (before != null && before.from() == listener && before.filters().equals(filters)) {
            return before.value();
        }
        ListenerConfig value = switch (world.reader.listener(listener.raw(), this::filter)) {
            case Parsed.Ok<Resource<ListenerConfig>>(Resource<ListenerConfig> read) -> read.value();
            // It was read before, and the filters are no part of its bytes.
            case Parsed.Bad<Resource<ListenerConfig>> bad -> listener.value();
        };
        joined.put(listener.name(), new Joined(listener, filters, value));
        return value;
    }

    private DiscoveredFilters.@Nullable Config filter(Named named) {
        Held<DiscoveredFilters.Config> held = world.filters.held(named);
        return held == null ? null : held.resource().value();
    }
}
