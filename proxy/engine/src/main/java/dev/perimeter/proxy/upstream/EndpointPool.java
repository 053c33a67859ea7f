package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.EndpointCounters;
import dev.perimeter.proxy.cluster.EndpointOutcome;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint of one cluster. It outlives config changes as long as the endpoint
 * stays. Used by its loop alone; its numbers stand in the endpoint's state.
 */
final class EndpointPool implements EndpointOutcome {

    private final InetSocketAddress address;
    private final String name;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private final EndpointState state;
    private final EndpointCounters counters;
    private final int loop;
    private boolean draining;

    EndpointPool(Endpoint endpoint, EndpointState state, int loop) {
        this.state = state;
        this.counters = state.on(loop);
        this.loop = loop;
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
        counters.opened();
    }

    void closed(PooledConnection connection) {
        idle.remove(connection);
        counters.closed();
    }

    /** A TCP connection is its own request. */
    void closedTcp() {
        counters.closed();
        requestEnded();
    }

    void connectFailed() {
        counters.connectFailed();
    }

    void requestBegan() {
        counters.requestBegan();
    }

    void requestEnded() {
        counters.requestEnded();
    }

    boolean isEmpty() {
        return !counters.hasConnections();
    }

    /** To be told for each attempt that was sent here, once; see the interface. */
    @Override
    public void answered(int status, long nanos) {
        state.answered(loop, status, nanos);
    }

    @Override
    public void failed(LocalFailure why, long nanos) {
        state.failed(loop, why, nanos);
    }
}
