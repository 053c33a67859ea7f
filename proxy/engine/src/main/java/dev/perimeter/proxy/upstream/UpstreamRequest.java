package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a cluster: picks an endpoint, waits for a connection, sends, hands the answer on. Repeats
 * only where nothing can have been done twice: when no connection came about (any method), and once, on a fresh
 * connection, when a reused one was closed before it answered a request that has no body and is idempotent (RFC 9110
 * section 9.2.2, RFC 9112 section 9.3.1).
 */
public final class UpstreamRequest implements ResponseHandler, ConnectionWaiter {

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
    private static final int MAX_CONNECT_ATTEMPTS = 5;

    private enum State {
        CONNECTING,
        OPEN,
        OVER
    }

    private final ClusterPool cluster;
    private final Upstreams upstreams;
    private final Downstream downstream;
    private final Journal journal;
    private final RequestHead head;
    private final boolean bodyless;
    private Pick wish = Pick.ANY;
    private List<Endpoint> tried = List.of();
    private State state = State.CONNECTING;
    private @Nullable EndpointPool endpoint;
    private @Nullable PooledConnection connection;
    private @Nullable ClientStream stream;
    private boolean reusedConnection;
    private boolean repeated;
    private boolean requestEnded;
    private boolean responseBegan;

    public UpstreamRequest(
            Upstreams upstreams,
            Cluster cluster,
            RequestHead head,
            boolean endOfStream,
            Downstream downstream,
            Journal journal) {
        this.upstreams = upstreams;
        this.cluster = upstreams.on(cluster);
        this.head = head;
        this.bodyless = endOfStream;
        this.requestEnded = endOfStream;
        this.downstream = downstream;
        this.journal = journal;
    }

    /** Before the start: which endpoints will do. */
    public UpstreamRequest choosing(Pick by) {
        wish = by;
        return this;
    }

    /** Answers through {@link Downstream}, possibly before this returns. Body parts may follow once data is taken. */
    public void start() {
        Cluster config = cluster.cluster();
        cluster.metrics().add(ClusterMetric.REQUESTS_ACTIVE, 1);
        if (config.load().requests().incrementAndGet()
                > config.config().limits().maxRequests()) {
            cluster.metrics().increment(ClusterMetric.PENDING_OVERFLOW);
            over();
            downstream.upstreamFailed(new Failure.Overflow(config.name(), "requests"));
            return;
        }
        if (!bodyless) {
            downstream.upstreamTakesData(false);
        }
        attempt(null);
    }

    /** @param lastFailure why the attempt before this one came to nothing, or null */
    private void attempt(@Nullable Throwable lastFailure) {
        Endpoint next = tried.size() < MAX_CONNECT_ATTEMPTS ? cluster.pick(wish.without(tried)) : null;
        if (next == null) {
            String name = cluster.cluster().name();
            if (lastFailure == null) {
                cluster.metrics().increment(ClusterMetric.NO_ENDPOINT);
            }
            fail(
                    lastFailure == null || endpoint == null
                            ? new Failure.NoEndpoint(name)
                            : new Failure.ConnectFailed(name, endpoint.name(), tried.size(), sentence(lastFailure)));
            return;
        }
        if (lastFailure != null) {
            cluster.metrics().increment(ClusterMetric.REQUESTS_RETRIED);
        }
        if (tried.isEmpty()) {
            tried = new ArrayList<>(2);
        }
        tried.add(next);
        EndpointPool pool = cluster.pool(next);
        endpoint = pool;
        journal.attempt(pool.name());
        cluster.acquire(pool, false, this);
    }

    @Override
    public void connected(PooledConnection leased) {
        connection = leased;
        endpoint = leased.endpoint();
        state = State.OPEN;
        reusedConnection = leased.isUsed();
        journal.connected(leased.localAddress());
        leased.endpoint().requestBegan();
        cluster.metrics().increment(ClusterMetric.REQUESTS);
        stream = leased.send(cluster, head, bodyless, this);
        if (!bodyless && state == State.OPEN) {
            downstream.upstreamTakesData(true);
        }
    }

    @Override
    public void connectFailed(Throwable cause) {
        if (state == State.CONNECTING) {
            attempt(cause);
        }
    }

    @Override
    public void overflowed(String limit) {
        fail(new Failure.Overflow(cluster.cluster().name(), limit));
    }

    @Override
    public boolean isWaiting() {
        return state == State.CONNECTING;
    }

    @Override
    public EndpointPool endpoint() {
        return java.util.Objects.requireNonNull(endpoint, "waits for a connection before an endpoint was picked");
    }

    @Override
    public boolean cameByHttp2() {
        return head.protocol().equals("HTTP/2");
    }

    /** A part of the request's body; takes ownership. Only while data is taken, what comes after the end is let go. */
    public void sendData(ByteBuf data, boolean endOfStream) {
        ClientStream open = stream;
        if (open == null || state != State.OPEN) {
            data.release();
            return;
        }
        requestEnded = endOfStream;
        open.sendData(data, endOfStream);
        if (!endOfStream && state == State.OPEN && !open.isWritable()) {
            downstream.upstreamTakesData(false);
        }
    }

    public void sendTrailers(Headers trailers) {
        if (stream != null && state == State.OPEN) {
            requestEnded = true;
            stream.sendTrailers(trailers);
        }
    }

    /** The client is slow (true) or takes bytes again (false). */
    public void pauseReading(boolean pause) {
        if (stream != null && state == State.OPEN) {
            stream.pauseReading(pause);
        }
    }

    /** The exchange is over before the upstream's answer is; nothing is called on the downstream after this. */
    public void cancel() {
        if (state == State.OVER) {
            return;
        }
        boolean open = state == State.OPEN;
        cluster.forget(this);
        over();
        if (open && stream != null) {
            stream.reset();
        }
        giveBack();
    }

    /** As {@link #cancel()}, since the answer did not come in time. */
    public void timedOut() {
        cluster.metrics().increment(ClusterMetric.REQUESTS_TIMEOUT);
        cancel();
    }

    @Override
    public void onInformational(ResponseHead informational) {
        downstream.upstreamInformational(informational);
    }

    @Override
    public void onHead(ResponseHead response, boolean endOfStream) {
        responseBegan = true;
        journal.responseBegan(upstreams.clock().getAsLong());
        int hundreds = Math.clamp(response.status() / 100, 1, 5);
        cluster.metrics().increment(STATUS[hundreds - 1]);
        ended(endOfStream);
        downstream.upstreamHead(response, endOfStream);
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        ended(endOfStream);
        downstream.upstreamData(data, endOfStream);
    }

    @Override
    public void onTrailers(Headers trailers) {
        ended(true);
        downstream.upstreamTrailers(trailers);
    }

    @Override
    public void onReset(StreamReset reason) {
        if (state != State.OPEN) {
            return;
        }
        if (mayRepeat(reason)) {
            repeat();
            return;
        }
        cluster.metrics().increment(ClusterMetric.REQUESTS_RESET);
        String host = endpoint == null ? "" : endpoint.name();
        boolean protocol = reason.cause() == StreamReset.Cause.PROTOCOL_ERROR;
        fail(new Failure.UpstreamReset(host, protocol, reason.sentence()));
    }

    private boolean mayRepeat(StreamReset reason) {
        if (repeated || responseBegan || !bodyless) {
            return false;
        }
        return switch (reason.cause()) {
            case NOT_PROCESSED -> true;
            case CLOSED_BEFORE_RESPONSE -> reusedConnection && IDEMPOTENT.contains(head.method());
            default -> false;
        };
    }

    private void repeat() {
        repeated = true;
        EndpointPool same = endpoint();
        giveBack();
        stream = null;
        state = State.CONNECTING;
        cluster.metrics().increment(ClusterMetric.REQUESTS_RETRIED);
        journal.attempt(same.name());
        cluster.acquire(same, true, this);
    }

    @Override
    public void onWritable() {
        if (state == State.OPEN && !requestEnded) {
            downstream.upstreamTakesData(true);
        }
    }

    private void fail(Failure failure) {
        over();
        giveBack();
        downstream.upstreamFailed(failure);
    }

    private void ended(boolean endOfStream) {
        if (!endOfStream || state != State.OPEN) {
            return;
        }
        over();
        giveBack();
        cluster.metrics().duration(upstreams.clock().getAsLong() - journal.started());
        if (!requestEnded && stream != null) {
            // The answer came first: what is left of the request has no reader, and the connection no use.
            stream.reset();
        }
    }

    /** The connection itself tells its pool whether it can take another request. */
    private void giveBack() {
        PooledConnection leased = connection;
        if (leased != null) {
            connection = null;
            leased.endpoint().requestEnded();
        }
    }

    private void over() {
        if (state != State.OVER) {
            state = State.OVER;
            cluster.cluster().load().requests().decrementAndGet();
            cluster.metrics().add(ClusterMetric.REQUESTS_ACTIVE, -1);
        }
    }

    private static String sentence(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static final ClusterMetric[] STATUS = {
        ClusterMetric.STATUS_1XX,
        ClusterMetric.STATUS_2XX,
        ClusterMetric.STATUS_3XX,
        ClusterMetric.STATUS_4XX,
        ClusterMetric.STATUS_5XX
    };
}
