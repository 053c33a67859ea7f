package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** All that one event loop has open towards upstreams. To be used on that loop, but for {@link #load}. */
public final class Upstreams {

    private record Key(String cluster, InetSocketAddress address) {}

    private final int loopNumber;
    private final EventLoop loop;
    private final Connector connector;
    private final LongSupplier clock;
    private final Map<Key, EndpointPool> endpoints = new ConcurrentHashMap<>();
    private final Map<Cluster, ClusterPool> clusters = new IdentityHashMap<>();

    /** @param clock monotonic nanoseconds */
    public Upstreams(int loopNumber, EventLoop loop, Connector connector, LongSupplier clock) {
        this.loopNumber = loopNumber;
        this.loop = loop;
        this.connector = connector;
        this.clock = clock;
    }

    int loopNumber() {
        return loopNumber;
    }

    EventLoop loop() {
        return loop;
    }

    Connector connector() {
        return connector;
    }

    LongSupplier clock() {
        return clock;
    }

    ClusterPool on(Cluster cluster) {
        ClusterPool pool = clusters.get(cluster);
        if (pool == null) {
            pool = new ClusterPool(this, cluster);
            clusters.put(cluster, pool);
        }
        return pool;
    }

    EndpointPool endpointPool(String cluster, Endpoint endpoint) {
        return endpoints.computeIfAbsent(new Key(cluster, endpoint.address()), key -> new EndpointPool(endpoint));
    }

    /** A new configuration is in force: pools of endpoints that are not in it drain, exchanges in flight go on. */
    public void keep(Set<Cluster> current) {
        clusters.keySet().retainAll(current);
        Set<Key> known = current.stream()
                .flatMap(cluster -> cluster.endpoints().endpoints().stream()
                        .map(endpoint -> new Key(cluster.name(), endpoint.address())))
                .collect(Collectors.toSet());
        endpoints.entrySet().removeIf(entry -> {
            if (known.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().drain();
            return true;
        });
    }

    /** May be asked on any thread. */
    public EndpointLoad load(String cluster, InetSocketAddress address) {
        EndpointPool pool = endpoints.get(new Key(cluster, address));
        return pool == null ? EndpointLoad.NONE : pool.load();
    }
}
