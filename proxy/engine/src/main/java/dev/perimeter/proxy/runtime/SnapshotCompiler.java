package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.balance.spread.ClusterBalancer;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Hosts;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.names.NamedEndpoints;
import dev.perimeter.proxy.observe.metric.Metrics;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.select.RouteIndex;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns a snapshot into a runtime, or says in sentences what is missing in it. Called on the control thread. */
public final class SnapshotCompiler {

    /** Exactly one of the two has content. */
    public record Result(@Nullable RuntimeSnapshot runtime, List<String> problems) {}

    private final Metrics metrics;
    private final LocalCluster local;
    private final Function<NamedEndpoints, EndpointSet> names;
    private final List<String> problems = new ArrayList<>();

    private SnapshotCompiler(Metrics metrics, LocalCluster local, Function<NamedEndpoints, EndpointSet> names) {
        this.metrics = metrics;
        this.local = local;
        this.names = names;
    }

    /** @param names what is known of endpoints that have names */
    public static Result build(
            Snapshot snapshot,
            RuntimeSnapshot before,
            Metrics metrics,
            LocalCluster local,
            Function<NamedEndpoints, EndpointSet> names) {
        SnapshotCompiler builder = new SnapshotCompiler(metrics, local, names);
        RuntimeSnapshot runtime = builder.build(snapshot, before);
        return builder.problems.isEmpty()
                ? new Result(runtime, List.of())
                : new Result(null, List.copyOf(builder.problems));
    }

    private RuntimeSnapshot build(Snapshot snapshot, RuntimeSnapshot before) {
        Map<String, Cluster> clusters = new HashMap<>();
        snapshot.clusters().forEach((name, config) -> {
            Cluster cluster = cluster(config, snapshot, before.cluster(name));
            if (cluster != null) {
                clusters.put(name, cluster);
            }
        });
        Map<String, RouteIndex> routes = new HashMap<>();
        snapshot.routeTables().forEach((name, table) -> {
            RouteIndex index = index(table, before.routes().get(name));
            if (index != null) {
                routes.put(name, index);
            }
        });
        RuntimeSnapshot runtime = new RuntimeSnapshot(snapshot, Map.copyOf(clusters), Map.copyOf(routes));
        ListenerCompiler listeners = new ListenerCompiler(metrics, problems, runtime, before);
        for (ListenerConfig listener : snapshot.listeners().values()) {
            ListenerRuntime compiled = listeners.compile(listener);
            if (compiled != null) {
                runtime.add(compiled);
            }
        }
        return runtime;
    }

    private @Nullable Cluster cluster(ClusterConfig config, Snapshot snapshot, @Nullable Cluster before) {
        EndpointSet endpoints = switch (config.endpoints()) {
            case EndpointSource.Inline(EndpointSet inline) -> inline;
            case EndpointSource.Named(String name) -> snapshot.endpointSets().get(name);
            case EndpointSource.ByName(NamedEndpoints named) -> names.apply(named);
            case EndpointSource.OriginalDestination wanted -> new EndpointSet(config.name(), List.of());
        };
        if (endpoints == null) {
            problems.add("cluster '" + config.name() + "': its endpoint set is not in the snapshot");
            return null;
        }
        if (before != null
                && before.config().equals(config)
                && before.endpoints().equals(endpoints)) {
            return before;
        }
        ClusterLoad load = before == null ? new ClusterLoad() : before.load();
        Supplier<EndpointState> fresh = () -> new EndpointState(metrics.loops(), System.nanoTime());
        Hosts hosts = config.endpoints() instanceof EndpointSource.OriginalDestination
                ? Hosts.onDemand(fresh)
                : Hosts.of(endpoints, before == null ? Hosts.NONE : before.hosts(), fresh);
        ClusterBalancer balancer = local.balancer(config, hosts, endpoints.policy(), metrics.loops());
        return new Cluster(config, endpoints, hosts, balancer, load, metrics.cluster(config.name()));
    }

    private @Nullable RouteIndex index(RouteTable table, @Nullable RouteIndex before) {
        return before != null && before.table().equals(table) ? before : index(table, problems);
    }

    static @Nullable RouteIndex index(RouteTable table, List<String> problems) {
        return switch (RouteIndex.of(table)) {
            case Parsed.Ok<RouteIndex>(RouteIndex index) -> index;
            case Parsed.Bad<RouteIndex> bad -> {
                problems.add("route table '" + table.name() + "': " + bad.sentence());
                yield null;
            }
        };
    }
}
