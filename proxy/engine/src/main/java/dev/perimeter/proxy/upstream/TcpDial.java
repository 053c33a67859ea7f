package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.snapshot.TcpProxyConfig;
import dev.perimeter.proxy.upstream.connect.Addresses;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection to a cluster: endpoints are tried one after the other until one accepts. Belongs to the event loop
 * of the connection that asked.
 */
public final class TcpDial {

    private final Upstreams upstreams;
    private final ClusterPool cluster;
    private final Journal journal;
    private final Promise<Channel> connected;
    private final List<Endpoint> tried = new ArrayList<>(2);
    private Pick wish = Pick.ANY;
    private int most = TcpProxyConfig.ATTEMPTS;
    private @Nullable ConnectionFacts client;
    private @Nullable Channel channel;
    private @Nullable Failure failure;

    public TcpDial(Upstreams upstreams, Cluster cluster, Journal journal) {
        this.upstreams = upstreams;
        this.cluster = upstreams.on(cluster);
        this.journal = journal;
        this.connected = upstreams.loop().newPromise();
    }

    /** Before the start: whose connection this will be, for upstreams that are told. */
    public TcpDial relaying(ConnectionFacts facts) {
        client = facts;
        return this;
    }

    /** Before the start: which endpoints will do. */
    public TcpDial choosing(Pick by) {
        wish = by;
        return this;
    }

    /** Before the start: how many endpoints are tried. */
    public TcpDial attempts(int number) {
        most = number;
        return this;
    }

    /** @param handler put into the pipeline of the connection that came about, before it becomes active */
    public Future<Channel> start(ChannelHandler handler) {
        Cluster config = cluster.cluster();
        if (config.load().connections().get() >= config.config().limits().maxConnections()) {
            cluster.metrics().increment(ClusterMetric.CONNECTIONS_OVERFLOW);
            fail(new Failure.Overflow(config.name(), "connections"), null);
        } else {
            attempt(handler, null, "");
        }
        return connected;
    }

    /** The connection, once the future of {@link #start} has succeeded. */
    public Channel channel() {
        return java.util.Objects.requireNonNull(channel, "not connected yet");
    }

    /** Why there is none, once the future has failed. */
    public Failure failure() {
        return java.util.Objects.requireNonNull(failure, "has not failed");
    }

    private void attempt(ChannelHandler handler, @Nullable Throwable last, String lastEndpoint) {
        Endpoint endpoint = tried.size() < most ? cluster.pick(wish.without(tried)) : null;
        String name = cluster.cluster().name();
        if (endpoint == null) {
            if (last == null) {
                cluster.metrics().increment(ClusterMetric.NO_ENDPOINT);
            }
            fail(
                    last == null
                            ? new Failure.NoEndpoint(name)
                            : new Failure.ConnectFailed(
                                    name, lastEndpoint, tried.size(), String.valueOf(last.getMessage())),
                    last);
            return;
        }
        tried.add(endpoint);
        EndpointPool pool = cluster.pool(endpoint);
        journal.attempt(pool.name());
        opened(pool);
        ChannelFuture connecting = upstreams
                .connector()
                .tcp(
                        pool.transport(),
                        client,
                        pool.address(),
                        cluster.cluster().config().connectTimeout(),
                        new Arrival(handler, pool));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                pool.connectFailed();
                pool.requestEnded();
                cluster.closed(Priority.DEFAULT);
                cluster.metrics()
                        .increment(
                                done.cause() instanceof ConnectTimeoutException
                                        ? ClusterMetric.CONNECT_TIMEOUT
                                        : ClusterMetric.CONNECT_FAIL);
                attempt(handler, done.cause(), pool.name());
            }
        });
    }

    private void opened(EndpointPool pool) {
        pool.opened();
        pool.requestBegan();
        cluster.cluster().load().connections().incrementAndGet();
        cluster.metrics().increment(ClusterMetric.CONNECTIONS);
        cluster.metrics().add(ClusterMetric.CONNECTIONS_ACTIVE, 1);
    }

    private void fail(Failure why, @Nullable Throwable cause) {
        failure = why;
        connected.setFailure(cause == null ? new java.net.ConnectException(why.sentence()) : cause);
    }

    /** Gives its place to the real handler when the connection is there; an attempt that fails never touches that one. */
    private final class Arrival extends ChannelInboundHandlerAdapter {

        private final ChannelHandler handler;
        private final EndpointPool pool;

        Arrival(ChannelHandler handler, EndpointPool pool) {
            this.handler = handler;
            this.pool = pool;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            journal.connected(Addresses.text(ctx.channel().localAddress()));
            ctx.channel().closeFuture().addListener(closed -> {
                pool.closedTcp();
                cluster.closed(Priority.DEFAULT);
            });
            ctx.pipeline().addAfter(ctx.name(), null, handler);
            ctx.fireChannelActive();
            ctx.pipeline().remove(this);
            connected.setSuccess(ctx.channel());
        }
    }
}
