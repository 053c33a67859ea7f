package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.spread.LoopBalancer;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One cluster on one event loop: chooses endpoints, lends connections, and queues requests when there may be no more. */
final class ClusterPool {

    private static final int MANY = 2048;

    private final Upstreams upstreams;
    private final Cluster cluster;
    private final Cells<ClusterMetric> metrics;
    private final LoopBalancer balancer;
    private final Map<Endpoint, EndpointPool> pools = new IdentityHashMap<>();
    private final Deque<ConnectionWaiter> queue = new ArrayDeque<>();
    private Upstreams.@Nullable NamedPools named;
    private final Deque<ConnectionWaiter> urgent = new ArrayDeque<>(0);

    ClusterPool(Upstreams upstreams, Cluster cluster) {
        this.upstreams = upstreams;
        this.cluster = cluster;
        this.metrics = cluster.metrics().on(upstreams.loopNumber());
        this.balancer = cluster.balancer().on(upstreams.loopNumber(), upstreams.random(), upstreams.clock());
    }

    Cluster cluster() {
        return cluster;
    }

    Cells<ClusterMetric> metrics() {
        return metrics;
    }

    @Nullable
    Endpoint pick(Pick wanted) {
        return balancer.pick(wanted);
    }

    EndpointPool pool(Endpoint endpoint) {
        if (pools.size() >= MANY) {
            // Endpoints that come on demand are not on any list that would say when they go.
            pools.values().removeIf(EndpointPool::isEmpty);
        }
        return pools.computeIfAbsent(endpoint, e -> upstreams.endpointPool(cluster, e));
    }

    /** The pool for requests to that name at an endpoint; null for any name, which is one pool. */
    EndpointPool pool(Endpoint endpoint, @Nullable String name) {
        EndpointPool plain = pool(endpoint);
        if (name == null || plain.transport().tls() == null) {
            return plain;
        }
        if (named == null) {
            named = new Upstreams.NamedPools();
        }
        EndpointPool known = named.get(endpoint, name);
        if (known == null) {
            known = upstreams.namedPool(cluster, endpoint, plain.transport().named(name));
            named.put(endpoint, name, known);
        }
        return known;
    }

    /** This configuration of the cluster is not in force any more. */
    void retire() {
        if (named != null) {
            named.drain();
        }
    }

    /** Answers the waiter at once or later. @param fresh true when a connection used before will not do */
    void acquire(EndpointPool pool, boolean fresh, ConnectionWaiter waiter) {
        Version version = version(waiter);
        // A shared connection that failed is not offered any more, so the next one is as good as fresh.
        PooledConnection ready = fresh && version == Version.HTTP1 ? null : pool.take(version);
        if (ready != null) {
            waiter.connected(ready);
            return;
        }
        PooledConnection opening = version == Version.HTTP1 ? null : pool.opening();
        Priority priority = waiter.priority();
        AtomicInteger pending = cluster.load().of(priority).pending();
        if (opening == null && mayConnect(priority)) {
            connect(pool, version, waiter);
        } else if (pending.get() >= cluster.config().limits().of(priority).maxPendingRequests()) {
            metrics.increment(ClusterMetric.PENDING_OVERFLOW);
            waiter.overflowed("pending requests");
        } else if (opening != null) {
            pending.incrementAndGet();
            opening.waiters().addLast(waiter);
        } else {
            metrics.increment(ClusterMetric.CONNECTIONS_OVERFLOW);
            pending.incrementAndGet();
            queue(priority).addLast(waiter);
        }
    }

    private Deque<ConnectionWaiter> queue(Priority priority) {
        return priority == Priority.HIGH ? urgent : queue;
    }

    private Version version(ConnectionWaiter waiter) {
        Version version = cluster.config().protocol().version();
        if (version != Version.AS_DOWNSTREAM) {
            return version;
        }
        return waiter.cameByHttp2() ? Version.HTTP2 : Version.HTTP1;
    }

    /** A request that waits here is given up. */
    void forget(ConnectionWaiter waiter) {
        AtomicInteger pending = cluster.load().of(waiter.priority()).pending();
        boolean waited = queue(waiter.priority()).remove(waiter);
        if (!waited && pending.get() > 0) {
            for (EndpointPool pool : pools.values()) {
                waited |= pool.forget(waiter);
            }
            waited |= named != null && named.forget(waiter);
        }
        if (waited) {
            pending.decrementAndGet();
        }
    }

    /** A loop without any connection may always have one: otherwise its requests would wait for other loops. */
    private boolean mayConnect(Priority priority) {
        int most = cluster.config().limits().of(priority).maxConnections();
        if (cluster.load().of(priority).connections().get() < most) {
            return true;
        }
        for (EndpointPool pool : pools.values()) {
            PooledConnection idle = pool.oldestIdle(priority);
            if (idle != null) {
                idle.retire();
                return true;
            }
        }
        if (named != null && named.retireIdle(priority)) {
            return true;
        }
        return pools.values().stream().allMatch(EndpointPool::isEmpty);
    }

    /** The request that a connection is opened for does not count as pending, others that join it do. */
    private void connect(EndpointPool pool, Version version, ConnectionWaiter waiter) {
        cluster.load().of(waiter.priority()).connections().incrementAndGet();
        metrics.increment(ClusterMetric.CONNECTIONS);
        metrics.add(ClusterMetric.CONNECTIONS_ACTIVE, 1);
        PooledConnection connection = new PooledConnection(pool, this, upstreams, version, waiter.priority());
        pool.opening(connection);
        ChannelFuture connecting = upstreams
                .connector()
                .http(pool.transport(), pool.address(), cluster.config().connectTimeout(), connection.handler());
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                connection.connected(connecting.channel());
                if (!connection.isShared()) {
                    pool.opened(connection);
                }
                if (waiter.isWaiting()) {
                    waiter.connected(connection);
                }
                release(connection);
            } else {
                pool.connectFailed(connection);
                metrics.increment(
                        done.cause() instanceof ConnectTimeoutException
                                ? ClusterMetric.CONNECT_TIMEOUT
                                : ClusterMetric.CONNECT_FAIL);
                closed(connection.priority());
                if (waiter.isWaiting()) {
                    waiter.connectFailed(done.cause());
                }
                failWaiters(connection, done.cause());
            }
        });
    }

    private void failWaiters(PooledConnection connection, Throwable cause) {
        for (ConnectionWaiter other = next(connection.waiters()); other != null; ) {
            other.connectFailed(cause);
            other = next(connection.waiters());
        }
    }

    /** A connection is no more. */
    void closed(PooledConnection connection) {
        closed(connection.priority());
        if (!connection.waiters().isEmpty()) {
            failWaiters(connection, new ClosedChannelException());
        }
    }

    /** One connection less, so that there may be another of its priority. */
    void closed(Priority priority) {
        cluster.load().of(priority).connections().decrementAndGet();
        metrics.add(ClusterMetric.CONNECTIONS_ACTIVE, -1);
        ConnectionWaiter next = next(queue(priority));
        if (next != null) {
            acquire(next.endpoint(), false, next);
        }
    }

    /** A connection can take another request, or more of them. */
    void release(PooledConnection connection) {
        if (connection.endpoint().isDraining()) {
            connection.retire();
        }
        while (connection.hasRoom()) {
            ConnectionWaiter next = next(connection.waiters());
            if (next == null) {
                next = next(urgent.isEmpty() ? queue : urgent);
            }
            if (next == null) {
                shelve(connection);
                return;
            }
            next.connected(connection);
        }
        if (!connection.isOpening()) {
            for (ConnectionWaiter other = next(connection.waiters()); other != null; ) {
                acquire(other.endpoint(), false, other);
                other = next(connection.waiters());
            }
        }
    }

    private void shelve(PooledConnection connection) {
        if (connection.isIdle()) {
            long idle = cluster.config().protocol().lifetime().idle().toNanos();
            connection.idleUntil(idle == 0 ? Long.MAX_VALUE : upstreams.clock().getAsLong() + idle);
        }
        connection.endpoint().shelve(connection);
    }

    private @Nullable ConnectionWaiter next(Deque<ConnectionWaiter> waiting) {
        ConnectionWaiter next = waiting.pollFirst();
        if (next != null) {
            cluster.load().of(next.priority()).pending().decrementAndGet();
        }
        return next;
    }
}
