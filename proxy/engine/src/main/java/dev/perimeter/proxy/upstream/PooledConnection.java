package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.http.ClientConnection;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.h1.Http1ClientConnection;
import dev.perimeter.proxy.http.h2.Http2ClientConnection;
import dev.perimeter.proxy.upstream.connect.Addresses;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import dev.perimeter.proxy.upstream.time.StreamDeadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
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
    private final Upstreams upstreams;
    private final LazyTimer idleTimer;
    private final Priority priority;
    private @Nullable LazyTimer ageTimer;
    private final Deque<ConnectionWaiter> waiters = new ArrayDeque<>(2);
    private ClusterPool home;
    private @Nullable ClientConnection http;
    private String localAddress = "-";
    private boolean connected;
    private boolean shelved;
    private int requests;

    /**
     * @param home the pool that opens it
     * @param version what will be spoken, or ALPN if the handshake decides that
     * @param priority of the request it is opened for, whose limit it counts against to its end
     */
    PooledConnection(EndpointPool endpoint, ClusterPool home, Upstreams upstreams, Version version, Priority priority) {
        this.priority = priority;
        this.endpoint = endpoint;
        this.home = home;
        this.protocol = home.cluster().config().protocol();
        this.upstreams = upstreams;
        this.idleTimer = new LazyTimer(upstreams.loop(), upstreams.clock(), this::retire);
        if (version != Version.ALPN) {
            http = codec(version);
        }
    }

    private ClientConnection codec(Version version) {
        return switch (version) {
            case HTTP2 -> new Http2ClientConnection(protocol.limits(), protocol.http2(), this);
            case HTTP1, ALPN, AS_DOWNSTREAM -> new Http1ClientConnection(protocol.limits(), this);
        };
    }

    /** The handler to connect with; one without effect as long as it is not known what will be spoken. */
    ChannelHandler handler() {
        return http == null ? new ChannelInboundHandlerAdapter() : (ChannelHandler) http;
    }

    /** It can be used from now on: a handshake, if there is one, is done. */
    void connected(Channel channel) {
        connected = true;
        localAddress = Addresses.text(channel.localAddress());
        age();
        if (http == null) {
            SslHandler tls = channel.pipeline().get(SslHandler.class);
            boolean h2 = tls != null && ApplicationProtocolNames.HTTP_2.equals(tls.applicationProtocol());
            ClientConnection chosen = codec(h2 ? Version.HTTP2 : Version.HTTP1);
            http = chosen;
            channel.pipeline().addLast((ChannelHandler) chosen);
        }
    }

    private void age() {
        long most = protocol.lifetime().duration().toNanos();
        if (most > 0) {
            ageTimer = new LazyTimer(upstreams.loop(), upstreams.clock(), this::retire);
            ageTimer.at(
                    upstreams.clock().getAsLong() + most - upstreams.random().nextLong(most / 10 + 1));
        }
    }

    /** @param borrower is told when there is room again: the pool of the cluster's config at that time */
    ClientStream send(ClusterPool borrower, RequestHead head, boolean endOfStream, ResponseHandler handler) {
        home = borrower;
        requests++;
        idleTimer.off();
        ClientStream stream = dispatch(head, endOfStream, handler);
        if (requests == protocol.lifetime().requests()) {
            retire();
        }
        return stream;
    }

    private ClientStream dispatch(RequestHead head, boolean endOfStream, ResponseHandler handler) {
        if (protocol.maxStreamDuration().isZero()) {
            return http().send(head, endOfStream, handler);
        }
        StreamDeadline deadline = new StreamDeadline(handler, protocol.maxStreamDuration(), upstreams.loop());
        return deadline.watch(http().send(head, endOfStream, deadline));
    }

    /** Whether it carried a request before, so that the upstream may be about to close it. */
    boolean isUsed() {
        return requests > 0;
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

    Priority priority() {
        return priority;
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
            if (ageTimer != null) {
                ageTimer.cancel();
            }
            endpoint.closed(this);
            home.closed(this);
        }
    }

    private ClientConnection http() {
        return java.util.Objects.requireNonNull(http, "not connected yet");
    }
}
