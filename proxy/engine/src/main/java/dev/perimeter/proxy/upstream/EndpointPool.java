package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint of one cluster. It outlives config changes as long as the endpoint
 * stays. Its loop alone writes; the admin pages read the numbers.
 */
final class EndpointPool {

    private final InetSocketAddress address;
    private final String name;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong active = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong connectFailures = new AtomicLong();
    private boolean draining;

    EndpointPool(Endpoint endpoint) {
        this.address = endpoint.address();
        this.name =
                endpoint.address().getHostString() + ":" + endpoint.address().getPort();
    }

    InetSocketAddress address() {
        return address;
    }

    /** Address and port, as logs show it. */
    String name() {
        return name;
    }

    /** The connection used last, which the upstream is least likely to have given up on. */
    @Nullable
    PooledConnection takeIdle() {
        PooledConnection connection = idle.pollLast();
        while (connection != null && !connection.isAvailable()) {
            connection = idle.pollLast();
        }
        return connection;
    }

    void putIdle(PooledConnection connection) {
        idle.addLast(connection);
    }

    @Nullable
    PooledConnection oldestIdle() {
        return idle.pollFirst();
    }

    /** The endpoint is gone from the config: idle connections close now, the others when their exchange ends. */
    void drain() {
        draining = true;
        PooledConnection connection = idle.pollFirst();
        while (connection != null) {
            connection.close();
            connection = idle.pollFirst();
        }
    }

    boolean isDraining() {
        return draining;
    }

    void opened() {
        connections.lazySet(connections.getPlain() + 1);
    }

    void closed(PooledConnection connection) {
        idle.remove(connection);
        connections.lazySet(connections.getPlain() - 1);
    }

    /** A TCP connection is its own request. */
    void closedTcp() {
        connections.lazySet(connections.getPlain() - 1);
        requestEnded();
    }

    void connectFailed() {
        connections.lazySet(connections.getPlain() - 1);
        connectFailures.lazySet(connectFailures.getPlain() + 1);
    }

    void requestBegan() {
        requests.lazySet(requests.getPlain() + 1);
        active.lazySet(active.getPlain() + 1);
    }

    void requestEnded() {
        active.lazySet(active.getPlain() - 1);
    }

    boolean isEmpty() {
        return connections.getPlain() == 0;
    }

    EndpointLoad load() {
        return new EndpointLoad(requests.get(), active.get(), connections.get(), connectFailures.get());
    }
}
