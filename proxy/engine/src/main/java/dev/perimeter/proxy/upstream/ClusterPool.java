package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One cluster on one event loop: chooses endpoints, lends connections, and queues requests when there may be no more. */
final class ClusterPool {

    private final Upstreams upstreams;
    private final Cluster cluster;
    private final Cells<ClusterMetric> metrics;
    private final Balancer balancer;
    private final Map<Endpoint, EndpointPool> pools = new IdentityHashMap<>();
    private final Deque<ConnectionWaiter> queue = new ArrayDeque<>();

    ClusterPool(Upstreams upstreams, Cluster cluster) {
        this.upstreams = upstreams;
        this.cluster = cluster;
        this.metrics = cluster.metrics().on(upstreams.loopNumber());
        this.balancer =
                cluster.config().balancing().policy().create(cluster.endpoints().endpoints());
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
        return pools.computeIfAbsent(endpoint, e -> upstreams.endpointPool(cluster, e));
    }

    /** Answers the waiter at once or later. @param fresh true when a connection used before will not do */
    void acquire(EndpointPool pool, boolean fresh, ConnectionWaiter waiter) {
        PooledConnection idle = fresh ? null : pool.takeIdle();
        if (idle != null) {
            waiter.connected(idle);
        } else if (mayConnect()) {
            connect(pool, waiter);
        } else if (cluster.load().pending().get() >= cluster.config().limits().maxPendingRequests()) {
            metrics.increment(ClusterMetric.PENDING_OVERFLOW);
            waiter.overflowed("pending requests");
        } else {
            metrics.increment(ClusterMetric.CONNECTIONS_OVERFLOW);
            cluster.load().pending().incrementAndGet();
            queue.addLast(waiter);
        }
    }

    /** A request that waits here is given up. */
    void forget(ConnectionWaiter waiter) {
        if (queue.remove(waiter)) {
            cluster.load().pending().decrementAndGet();
        }
    }

    /** A loop without any connection may always have one: otherwise its requests would wait for other loops. */
    private boolean mayConnect() {
        if (cluster.load().connections().get() < cluster.config().limits().maxConnections()) {
            return true;
        }
        for (EndpointPool pool : pools.values()) {
            PooledConnection idle = pool.oldestIdle();
            if (idle != null) {
                idle.close();
                return true;
            }
        }
        return pools.values().stream().allMatch(EndpointPool::isEmpty);
    }

    private void connect(EndpointPool pool, ConnectionWaiter waiter) {
        pool.opened();
        cluster.load().connections().incrementAndGet();
        metrics.increment(ClusterMetric.CONNECTIONS);
        metrics.add(ClusterMetric.CONNECTIONS_ACTIVE, 1);
        PooledConnection connection = new PooledConnection(pool, this, upstreams);
        ChannelFuture connecting =
                upstreams.connector().http(pool.address(), cluster.config().connectTimeout(), connection.http());
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                pool.connectFailed();
                metrics.increment(
                        done.cause() instanceof ConnectTimeoutException
                                ? ClusterMetric.CONNECT_TIMEOUT
                                : ClusterMetric.CONNECT_FAIL);
                closed();
                waiter.connectFailed(done.cause());
                return;
            }
            connection.connected(connecting.channel());
            if (waiter.isWaiting()) {
                waiter.connected(connection);
            } else {
                release(connection);
            }
        });
    }

    /** A connection is no more, or never came about. */
    void closed() {
        cluster.load().connections().decrementAndGet();
        metrics.add(ClusterMetric.CONNECTIONS_ACTIVE, -1);
        ConnectionWaiter next = next();
        if (next != null) {
            acquire(next.endpoint(), false, next);
        }
    }

    /** A connection can take another request. */
    void release(PooledConnection connection) {
        if (connection.endpoint().isDraining()) {
            connection.close();
            return;
        }
        ConnectionWaiter next = next();
        if (next != null) {
            next.connected(connection);
            return;
        }
        long idle = cluster.config().protocol().idleTimeout().toNanos();
        connection.idleUntil(idle == 0 ? Long.MAX_VALUE : upstreams.clock().getAsLong() + idle);
        connection.endpoint().putIdle(connection);
    }

    private @Nullable ConnectionWaiter next() {
        ConnectionWaiter next = queue.pollFirst();
        if (next != null) {
            cluster.load().pending().decrementAndGet();
        }
        return next;
    }
}
