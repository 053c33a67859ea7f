package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.tls.Secret;
import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.resource.ResourceReader;
import dev.perimeter.proxy.xds.resource.field.DiscoveredFilters;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All that stands in the bootstrap and all that was accepted since. Belongs to the control thread. */
public final class World {

    final ResourceReader reader;
    final Shelves<ClusterConfig> clusters;
    final Shelves<EndpointSet> endpointSets;
    final Shelves<ListenerConfig> listeners;
    final Shelves<RouteTable> routeTables;
    final Shelves<DiscoveredFilters.Config> filters;
    final Shelves<Secret> secrets;

    public World(ResourceReader reader) {
        this.reader = reader;
        clusters = new Shelves<>(ResourceType.CLUSTER, reader::cluster);
        endpointSets = new Shelves<>(ResourceType.ENDPOINTS, reader::endpoints);
        listeners = new Shelves<>(ResourceType.LISTENER, reader::listener);
        routeTables = new Shelves<>(ResourceType.ROUTE_TABLE, reader::routeTable);
        filters = new Shelves<>(ResourceType.FILTER_CONFIG, reader::filter);
        secrets = new Shelves<>(ResourceType.SECRET, reader::secret);
    }

    private Shelves<?> shelves(ResourceType type) {
        return switch (type) {
            case CLUSTER -> clusters;
            case ENDPOINTS -> endpointSets;
            case LISTENER -> listeners;
            case ROUTE_TABLE -> routeTables;
            case SECRET -> secrets;
            case FILTER_CONFIG -> filters;
        };
    }

    /** Takes a resource of the bootstrap, which none that comes later replaces. @return why not, or null */
    public @Nullable String fix(ResourceType type, Any raw) {
        return shelves(type).fix(raw);
    }

    /** Those of the bootstrap, by name. */
    public Map<String, ? extends Resource<?>> fixed(ResourceType type) {
        return shelves(type).fixed();
    }

    public Shelf<?> shelf(ResourceType type, ResourceSource source) {
        return shelves(type).of(source);
    }

    public List<Shelf<?>> shelves() {
        return Stream.of(ResourceType.values())
                .<Shelf<?>>flatMap(type -> shelves(type).shelves().stream())
                .toList();
    }

    /** Those of one type, from all sources. */
    public List<Shelf<?>> shelvesOf(ResourceType type) {
        return new ArrayList<>(shelves(type).shelves());
    }

    @Nullable
    Resource<?> find(Named named) {
        Held<?> held = shelves(named.type()).held(named);
        return held == null ? null : held.resource();
    }

    /** The names of all clusters that a route may send requests to. */
    public Set<String> clusterNames() {
        return clusters.all().keySet();
    }

    /** Whether the server said that there is no such resource. */
    public boolean absent(Named named) {
        return shelves(named.type()).of(named.source()).absent().contains(named.name());
    }

    /** Lets go of what nobody names any more. */
    public void retain(ResourceType type, ResourceSource source, Set<String> names) {
        shelves(type).of(source).retain(names);
    }

    /** Takes away what has outlived its time. @return whether anything was */
    public boolean expire(Instant now) {
        boolean any = false;
        for (Shelf<?> shelf : shelves()) {
            any |= shelf.expire(now);
        }
        return any;
    }

    /** When the next resource has outlived its time, or null. */
    public @Nullable Instant nextEnd() {
        return shelves().stream()
                .map(Shelf::nextEnd)
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
