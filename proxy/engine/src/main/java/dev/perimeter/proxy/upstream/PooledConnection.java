package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.h1.Http1ClientConnection;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One upstream connection in its pool, from the attempt to open it to its end. One that speaks HTTP/1.1 is lent to one
 * request at a time; one that speaks HTTP/2 stays in the pool as long as it has room for one more.
 */
final class PooledConnection implements ClientConnection.Owner {

    private final EndpointPool endpoint;
    private final UpstreamProtocol protocol;
    private final LazyTimer idleTimer;
    private final Deque<ConnectionWaiter> waiters = new ArrayDeque<>(2);
    private ClusterPool home;
    private @Nullable ClientConnection http;
    private String localAddress = "-";
    private boolean connected;
    private boolean used;
    private boolean shelved;

    /**
     * @param home the pool that opens it
     * @param version what will be spoken, or ALPN if the handshake decides that
     */
    PooledConnection(EndpointPool endpoint, ClusterPool home, Upstreams upstreams, Version version) {
        this.endpoint = endpoint;
        this.home = home;
        this.protocol = home.cluster().config().protocol();
        this.idleTimer = new LazyTimer(upstreams.loop(), upstreams.clock(), this::retire);
        this.http = version == Version.ALPN ? null : codec(version);
    }

    private ClientConnection codec(Version version) {
        return switch (version) {
            case HTTP1, HTTP2, ALPN, AS_DOWNSTREAM -> new Http1ClientConnection(HttpLimits.DEFAULTS, this);
        };
    }

    /** The handler to connect with. */
    ChannelHandler handler() {
        return (ChannelHandler) http();
    }

    /** It can be used from now on. */
    void connected(Channel channel) {
        connected = true;
        localAddress = Addresses.text(channel.localAddress());
    }

    /** @param borrower is told when there is room again: the pool of the cluster's config at that time */
    ClientStream send(ClusterPool borrower, RequestHead head, boolean endOfStream, ResponseHandler handler) {
        home = borrower;
        used = true;
        idleTimer.off();
        return http().send(head, endOfStream, handler);
    }

    /** Whether it carried a request before, so that the upstream may be about to close it. */
    boolean isUsed() {
        return used;
    }

    boolean hasRoom() {
        return connected && http().hasRoom();
    }

    boolean isIdle() {
        return connected && http().isIdle();
    }

    /** Whether several requests may be on it at once, for all that is known. */
    boolean isShared() {
        return http == null || http.isShared();
    }

    /** Whether it may still turn out to take requests that have to wait now. */
    boolean isOpening() {
        return !connected || !http().isSettled();
    }

    /** Requests that wait for this very connection, the one it is opened for first. */
    Deque<ConnectionWaiter> waiters() {
        return waiters;
    }

    /** Whether its pool offers it to requests. */
    boolean isShelved() {
        return shelved;
    }

    void shelved(boolean now) {
        shelved = now;
    }

    void idleUntil(long deadline) {
        idleTimer.at(deadline);
    }

    EndpointPool endpoint() {
        return endpoint;
    }

    String localAddress() {
        return localAddress;
    }

    /** Takes no more requests and closes when it has none left. */
    void retire() {
        http().retire();
    }

    @Override
    public void available(ClientConnection connection) {
        home.release(this);
    }

    /** An attempt that came to nothing is told by its future. */
    @Override
    public void closed(ClientConnection connection) {
        if (connected) {
            idleTimer.cancel();
            endpoint.closed(this);
            home.closed(this);
        }
    }

    private ClientConnection http() {
        return java.util.Objects.requireNonNull(http, "not connected yet");
    }
}
