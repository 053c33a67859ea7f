package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot with everything looked up that a request would otherwise look up. Immutable once the {@link
 * SnapshotCompiler} has given it away. What did not change is shared with the runtime before it.
 */
public final class RuntimeSnapshot {

    private final Snapshot snapshot;
    private final Map<String, Cluster> clusters;
    private final Map<String, RouteIndex> routes;
    private final Map<String, ListenerRuntime> listeners = new HashMap<>();

    RuntimeSnapshot(Snapshot snapshot, Map<String, Cluster> clusters, Map<String, RouteIndex> routes) {
        this.snapshot = snapshot;
        this.clusters = clusters;
        this.routes = routes;
    }

    public static RuntimeSnapshot empty() {
        return new RuntimeSnapshot(Snapshot.EMPTY, Map.of(), Map.of());
    }

    void add(ListenerRuntime listener) {
        listeners.put(listener.config().name(), listener);
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public @Nullable Cluster cluster(String name) {
        return clusters.get(name);
    }

    public Map<String, Cluster> clusters() {
        return clusters;
    }

    Map<String, RouteIndex> routes() {
        return routes;
    }

    public @Nullable ListenerRuntime listener(String name) {
        return listeners.get(name);
    }
}
