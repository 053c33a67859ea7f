package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.upstream.connect.Connector;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that one event loop has open towards upstreams. To be used on that loop. */
public final class Upstreams {

    /** Connections are not passed on to a config that speaks differently. */
    private record Key(EndpointState endpoint, UpstreamProtocol protocol, UpstreamTransport transport) {

        static Key of(Cluster cluster, Endpoint endpoint, EndpointState state) {
            ClusterConfig config = cluster.config();
            return new Key(state, config.protocol(), config.transport().at(endpoint));
        }
    }

    /** From so many pools on those without a connection are let go, since endpoints may come on demand. */
    private static final int MANY = 4096;

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
        if (endpoints.size() >= MANY) {
            endpoints.values().removeIf(EndpointPool::isEmpty);
        }
        EndpointPool pool = endpoints.computeIfAbsent(
                Key.of(cluster, endpoint, state),
                key -> new EndpointPool(endpoint, key.transport(), state, loopNumber));
        pool.hostname(endpoint.hostname());
        return pool;
    }

    /**
     * The pools of a cluster whose TLS asks for the name that a request is for. Clients choose those names, so there are never
     * more than a bound of them: the one used least lately goes. Of one event loop.
     */
    static final class NamedPools {

        private static final int MOST = 512;

        /** Endpoints are compared by identity elsewhere; equal ones are as good here. */
        private record Key(Endpoint endpoint, String name) {}

        private final Map<Key, EndpointPool> pools = new LinkedHashMap<>(16, 0.75f, true);
        private boolean drained;

        @Nullable
        EndpointPool get(Endpoint endpoint, String name) {
            return pools.get(new Key(endpoint, name));
        }

        void put(Endpoint endpoint, String name, EndpointPool pool) {
            if (drained) {
                // For a request that began before; the connection goes with it.
                pool.drain();
                return;
            }
            pools.put(new Key(endpoint, name), pool);
            if (pools.size() > MOST) {
                Key eldest = pools.keySet().iterator().next();
                EndpointPool gone = pools.remove(eldest);
                if (gone != null) {
                    gone.drain();
                }
            }
        }

        /** Whether the request waited for a connection of one of them; it does not any more. */
        boolean forget(ConnectionWaiter waiter) {
            boolean waited = false;
            for (EndpointPool pool : pools.values()) {
                waited |= pool.forget(waiter);
            }
            return waited;
        }

        /** Makes room for another connection, if one is without a request. */
        boolean retireIdle(Priority priority) {
            for (EndpointPool pool : pools.values()) {
                PooledConnection idle = pool.oldestIdle(priority);
                if (idle != null) {
                    idle.retire();
                    return true;
                }
            }
            return false;
        }

        /** Each connection closes when it has no request any more. */
        void drain() {
            drained = true;
            pools.values().forEach(EndpointPool::drain);
            pools.clear();
        }
    }

    /** A pool of its own, which lives as long as whoever asked keeps it. */
    EndpointPool namedPool(Cluster cluster, Endpoint endpoint, UpstreamTransport transport) {
        return new EndpointPool(endpoint, transport, cluster.hosts().state(endpoint), loopNumber);
    }

    /** The loop ends soon: what is not in use is closed in good order, which a loop that ends does not do. */
    public void close() {
        endpoints.values().forEach(EndpointPool::drain);
        clusters.values().forEach(ClusterPool::retire);
    }

    /** A new configuration is in force: pools of endpoints that are not in it drain, exchanges in flight go on. */
    public void keep(Set<Cluster> current) {
        clusters.entrySet().removeIf(entry -> {
            boolean gone = !current.contains(entry.getKey());
            if (gone) {
                entry.getValue().retire();
            }
            return gone;
        });
        Set<Key> known = current.stream()
                .flatMap(cluster ->
                        cluster.hosts().all().stream().map(host -> Key.of(cluster, host.endpoint(), host.state())))
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
