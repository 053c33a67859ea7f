package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.EndpointCounters;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.EndpointOutcome;
import dev.perimeter.proxy.upstream.connect.Addresses;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint of one cluster. It outlives config changes as long as the endpoint
 * stays. Used by its loop alone; its numbers stand in the endpoint's state.
 */
final class EndpointPool implements EndpointOutcome {

    /** How many requests may count on one connection before it is known how many it takes; more open another. */
    private static final int MAX_WAITERS = 100;

    private final InetSocketAddress address;
    private final UpstreamTransport transport;
    private final String name;
    private final Deque<PooledConnection> idle = new ArrayDeque<>();
    private final Deque<PooledConnection> shared = new ArrayDeque<>(2);
    private final List<PooledConnection> opening = new ArrayList<>(2);
    private final EndpointState state;
    private final EndpointCounters counters;
    private final int loop;
    private String hostname;
    private boolean draining;

    EndpointPool(Endpoint endpoint, UpstreamTransport transport, EndpointState state, int loop) {
        this.transport = transport;
        this.state = state;
        this.counters = state.on(loop);
        this.loop = loop;
        this.hostname = endpoint.hostname();
        this.address = endpoint.address();
        this.name = Addresses.text(endpoint.address());
    }

    InetSocketAddress address() {
        return address;
    }

    UpstreamTransport transport() {
        return transport;
    }

    /** The endpoint's name as the newest config has it; empty for none. */
    String hostname() {
        return hostname;
    }

    void hostname(String name) {
        hostname = name;
    }

    /** Address and port, as logs show it. */
    String name() {
        return name;
    }

    /** A connection with room for a request, or null: the one used last, which is least likely to be given up on. */
    @Nullable
    PooledConnection take(Version version) {
        PooledConnection taken = version == Version.HTTP1 ? null : share();
        return taken != null || version == Version.HTTP2 ? taken : takeIdle();
    }

    private @Nullable PooledConnection takeIdle() {
        PooledConnection connection = idle.pollLast();
        while (connection != null) {
            connection.shelved(false);
            if (connection.hasRoom()) {
                return connection;
            }
            connection = idle.pollLast();
        }
        return null;
    }

    /** A connection that is full leaves the shelf here, and comes back when it has room again. */
    private @Nullable PooledConnection share() {
        PooledConnection connection = shared.peekLast();
        while (connection != null && !connection.hasRoom()) {
            shared.pollLast();
            connection.shelved(false);
            connection = shared.peekLast();
        }
        return connection;
    }

    /** Offers a connection that has room. */
    void shelve(PooledConnection connection) {
        if (!connection.isShelved()) {
            connection.shelved(true);
            (connection.isShared() ? shared : idle).addLast(connection);
        }
    }

    /**
     * The connection that has been without a request for longest of those that count against this priority; it is not
     * offered any more.
     */
    @Nullable
    PooledConnection oldestIdle(Priority priority) {
        PooledConnection oldest = oldestIdle(idle, priority);
        if (oldest == null) {
            oldest = oldestIdle(shared, priority);
        }
        if (oldest != null) {
            oldest.shelved(false);
        }
        return oldest;
    }

    private static @Nullable PooledConnection oldestIdle(Deque<PooledConnection> offered, Priority priority) {
        for (PooledConnection candidate : offered) {
            if (candidate.isIdle() && candidate.priority() == priority) {
                offered.remove(candidate);
                return candidate;
            }
        }
        return null;
    }

    /** A connection that requests may wait for, or null. */
    @Nullable
    PooledConnection opening() {
        for (int i = opening.size() - 1; i >= 0; i--) {
            PooledConnection candidate = opening.get(i);
            if (!candidate.isOpening()) {
                opening.remove(i);
            } else if (candidate.isShared() && candidate.waiters().size() < MAX_WAITERS) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether the request waited for a connection that is being opened; it does not any more. */
    boolean forget(ConnectionWaiter waiter) {
        for (PooledConnection connection : opening) {
            if (connection.waiters().remove(waiter)) {
                return true;
            }
        }
        return false;
    }

    /** The endpoint is gone from the config: each connection closes when it has no request any more. */
    void drain() {
        draining = true;
        retire(idle);
        retire(shared);
    }

    private static void retire(Deque<PooledConnection> connections) {
        PooledConnection connection = connections.pollFirst();
        while (connection != null) {
            connection.shelved(false);
            connection.retire();
            connection = connections.pollFirst();
        }
    }

    boolean isDraining() {
        return draining;
    }

    void opening(PooledConnection connection) {
        opening.add(connection);
        opened();
    }

    /** Nobody can wait for it any more. */
    void opened(PooledConnection connection) {
        opening.remove(connection);
    }

    void opened() {
        counters.opened();
    }

    void closed(PooledConnection connection) {
        if (connection.isShelved()) {
            connection.shelved(false);
            (connection.isShared() ? shared : idle).remove(connection);
        }
        opening.remove(connection);
        counters.closed();
    }

    /** A TCP connection is its own request. */
    void closedTcp() {
        counters.closed();
        requestEnded();
    }

    void connectFailed(PooledConnection connection) {
        opening.remove(connection);
        connectFailed();
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
