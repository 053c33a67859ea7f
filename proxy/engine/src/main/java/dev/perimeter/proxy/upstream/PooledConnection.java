package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.h1.Http1ClientConnection;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import io.netty.channel.Channel;

/** One upstream connection: lent to one request at a time, idle in its pool with a time to live between them. */
final class PooledConnection implements Http1ClientConnection.Owner {

    private final Http1ClientConnection http = new Http1ClientConnection(HttpLimits.DEFAULTS, this);
    private final EndpointPool endpoint;
    private final LazyTimer idleTimer;
    private ClusterPool home;
    private String localAddress = "-";
    private boolean used;

    /** @param home the pool that opens it */
    PooledConnection(EndpointPool endpoint, ClusterPool home, Upstreams upstreams) {
        this.endpoint = endpoint;
        this.home = home;
        this.idleTimer = new LazyTimer(upstreams.loop(), upstreams.clock(), this::close);
    }

    /** The handler to connect with. */
    Http1ClientConnection http() {
        return http;
    }

    void connected(Channel channel) {
        localAddress = Addresses.text(channel.localAddress());
    }

    /** @param borrower takes the connection back: the pool of the cluster's config at that time */
    ClientStream send(ClusterPool borrower, RequestHead head, boolean endOfStream, ResponseHandler handler) {
        home = borrower;
        used = true;
        idleTimer.off();
        return http.send(head, endOfStream, handler);
    }

    /** Whether it carried a request before, so that the upstream may be about to close it. */
    boolean isUsed() {
        return used;
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

    boolean isAvailable() {
        return http.isAvailable();
    }

    void close() {
        http.channel().close();
    }

    @Override
    public void available(Http1ClientConnection connection) {
        home.release(this);
    }

    @Override
    public void closed(Http1ClientConnection connection) {
        idleTimer.cancel();
        endpoint.closed(this);
        home.closed();
    }
}
