package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.upstream.connect.Connector;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** All that one event loop has open towards upstreams. To be used on that loop. */
public final class Upstreams {

    /** Connections are not passed on to a config that speaks differently. */
    private record Key(EndpointState endpoint, UpstreamProtocol protocol, UpstreamTransport transport) {

        static Key of(Cluster cluster, EndpointState endpoint) {
            ClusterConfig config = cluster.config();
            return new Key(endpoint, config.protocol(), config.transport());
        }
    }

    private final int loopNumber;
    private final EventLoop loop;
    private final Connector connector;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Map<Key, EndpointPool> endpoints = new HashMap<>();
    private final Map<Cluster, ClusterPool> clusters = new IdentityHashMap<>();

    /** @param clock monotonic nanoseconds */
    public Upstreams(int loopNumber, EventLoop loop, Connector connector, LongSupplier clock, RandomGenerator random) {
        this.loopNumber = loopNumber;
        this.loop = loop;
        this.connector = connector;
        this.clock = clock;
        this.random = random;
    }

    /** Of the cells that this loop may write to. */
    public int loopNumber() {
        return loopNumber;
    }

    public EventLoop loop() {
        return loop;
    }

    Connector connector() {
        return connector;
    }

    RandomGenerator random() {
        return random;
    }

    /** Monotonic nanoseconds. */
    public LongSupplier clock() {
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

    /** The state stays the same object for as long as the endpoint stays in its cluster, and so does the pool. */
    EndpointPool endpointPool(Cluster cluster, Endpoint endpoint) {
        EndpointState state = cluster.hosts().state(endpoint);
        return endpoints.computeIfAbsent(Key.of(cluster, state), key -> new EndpointPool(endpoint, state, loopNumber));
    }

    /** A new configuration is in force: pools of endpoints that are not in it drain, exchanges in flight go on. */
    public void keep(Set<Cluster> current) {
        clusters.keySet().retainAll(current);
        Set<Key> known = current.stream()
                .flatMap(cluster -> cluster.hosts().all().stream().map(host -> Key.of(cluster, host.state())))
                .collect(Collectors.toSet());
        endpoints.entrySet().removeIf(entry -> {
            if (known.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().drain();
            return true;
        });
    }
}
