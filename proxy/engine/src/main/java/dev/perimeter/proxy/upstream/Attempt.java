package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.cluster.health.EndpointOutcome.LocalFailure;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.Failure.UpstreamReset.Kind;
import dev.perimeter.proxy.http.ClientStream;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHandler;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.GrpcStatus;
import dev.perimeter.proxy.retry.Lost;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One try of a request on one endpoint: waits for a connection, sends, and tells the {@link UpstreamRequest} what comes
 * back. It decides nothing. Counts as a request of its cluster from {@link #start} to its end.
 */
final class Attempt implements ResponseHandler, ConnectionWaiter {

    static final long NEVER = Long.MAX_VALUE;

    private enum State {
        /** For a connection. */
        WAITING,
        OPEN,
        /** The answer is not wanted, but is about to be whole, so that the connection can be used again. */
        DISCARDING,
        OVER
    }

    private final UpstreamRequest request;
    private final ClusterPool cluster;
    private final ClusterLoad.Share load;
    private final boolean hedge;
    private EndpointPool endpoint;
    private State state = State.WAITING;
    private @Nullable PooledConnection connection;
    private @Nullable ClientStream stream;
    private long began;
    private boolean told;
    private boolean reusedConnection;
    private boolean counted;
    private boolean upgraded;
    private boolean answerEnded;
    private long deadline = NEVER;
    private long heard = NEVER;

    /** The next of the attempts that run at once. */
    @Nullable
    Attempt next;

    /** @param hedge whether another attempt goes on beside this one */
    Attempt(UpstreamRequest request, ClusterPool cluster, EndpointPool endpoint, boolean hedge) {
        this.request = request;
        this.cluster = cluster;
        this.load = cluster.cluster().load().of(request.priority());
        this.endpoint = endpoint;
        this.hedge = hedge;
    }

    /** @param fresh true when a connection used before will not do */
    void start(boolean fresh) {
        counted = true;
        began = request.now();
        cluster.metrics().add(ClusterMetric.REQUESTS_ACTIVE, 1);
        int limit = cluster.cluster().config().limits().of(request.priority()).maxRequests();
        if (load.requests().incrementAndGet() > limit) {
            cluster.metrics().increment(ClusterMetric.PENDING_OVERFLOW);
            overflowed("requests");
        } else {
            cluster.acquire(endpoint, fresh, this);
        }
    }

    @Override
    public void connected(PooledConnection leased) {
        connection = leased;
        endpoint = leased.endpoint();
        state = State.OPEN;
        reusedConnection = leased.isUsed();
        endpoint.requestBegan();
        cluster.metrics().increment(ClusterMetric.REQUESTS);
        request.connects(this);
        stream = leased.send(cluster, request.head(), request.isBodyless(), this);
        if (state == State.OPEN) {
            request.opened(this);
        }
    }

    @Override
    public void connectFailed(Throwable cause) {
        if (state == State.WAITING) {
            tell(cause instanceof ConnectTimeoutException ? LocalFailure.CONNECT_TIMEOUT : LocalFailure.CONNECT_FAILED);
            String message = cause.getMessage();
            String sentence = message == null ? cause.getClass().getSimpleName() : message;
            lost(
                    Lost.CONNECT_FAILED,
                    new Failure.ConnectFailed(cluster.cluster().name(), endpoint.name(), request.attempts(), sentence));
        }
    }

    @Override
    public void overflowed(String limit) {
        lost(Lost.OVERFLOW, new Failure.Overflow(cluster.cluster().name(), limit));
    }

    @Override
    public boolean isWaiting() {
        return state == State.WAITING;
    }

    @Override
    public EndpointPool endpoint() {
        return endpoint;
    }

    @Override
    public Priority priority() {
        return request.priority();
    }

    @Override
    public boolean cameByHttp2() {
        return request.head().protocol().equals("HTTP/2");
    }

    boolean isHedge() {
        return hedge;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isWritable() {
        return stream != null && stream.isWritable();
    }

    /** Whether it shares its connection, which the upstream may wind up at any time without having looked at it. */
    boolean isShared() {
        return connection != null && connection.isShared();
    }

    String localAddress() {
        return connection == null ? "-" : connection.localAddress();
    }

    /** The way to the upstream; only while {@link #isOpen()}. */
    ClientStream stream() {
        return java.util.Objects.requireNonNull(stream, "not open");
    }

    /** When this try has taken too long; {@link #NEVER} for no limit. */
    long deadline() {
        return deadline;
    }

    void deadline(long moment) {
        deadline = moment;
    }

    /** The last moment at which the upstream said something or could have begun to; {@link #NEVER} if not yet. */
    long heard() {
        return heard;
    }

    void heard(long now) {
        heard = now;
    }

    @Override
    public void onInformational(ResponseHead informational) {
        if (state == State.OPEN) {
            request.informational(informational);
        }
    }

    @Override
    public void onHead(ResponseHead response, boolean endOfStream) {
        if (state != State.OPEN) {
            return;
        }
        cluster.metrics().increment(STATUS[Math.clamp(response.status() / 100, 1, 5) - 1]);
        upgraded = response.status() == 101;
        tell(response, endOfStream);
        ended(endOfStream);
        request.answered(this, response, endOfStream);
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        if (state == State.OPEN) {
            if (endOfStream) {
                tell(200);
            }
            ended(endOfStream);
            request.answerData(this, data, endOfStream);
            return;
        }
        data.release();
        discarded(endOfStream);
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (state == State.OPEN) {
            tell(GrpcStatus.toHttp(trailers));
            ended(true);
            request.answerTrailers(trailers);
        } else {
            discarded(true);
        }
    }

    @Override
    public void onReset(StreamReset reason) {
        discarded(true);
        if (state != State.OPEN) {
            return;
        }
        cluster.metrics().increment(ClusterMetric.REQUESTS_RESET);
        if (reason.cause() != StreamReset.Cause.NOT_PROCESSED) {
            tell(LocalFailure.RESET);
        }
        Kind kind = switch (reason.cause()) {
            case REMOTE_CLOSED, CLOSED_BEFORE_RESPONSE -> Kind.TERMINATED;
            case PROTOCOL_ERROR -> Kind.PROTOCOL_ERROR;
            case REMOTE_RESET, NOT_PROCESSED -> Kind.REMOTE_RESET;
            case TIMEOUT -> Kind.LOCAL_RESET;
        };
        Lost why = switch (reason.cause()) {
            case NOT_PROCESSED -> Lost.REFUSED;
            case CLOSED_BEFORE_RESPONSE -> reusedConnection ? Lost.CLOSED_WHEN_REUSED : Lost.RESET;
            default -> Lost.RESET;
        };
        lost(why, new Failure.UpstreamReset(endpoint.name(), kind, request.attempts() > 1, reason.sentence()));
    }

    @Override
    public void onWritable() {
        if (state == State.OPEN) {
            request.pace();
        }
    }

    /** As {@link #cancel()}, and it is the endpoint's fault. */
    void timedOut() {
        if (state == State.OPEN) {
            tell(LocalFailure.TIMEOUT);
        }
        cancel();
    }

    /** What a gRPC call came to is known with its trailers, unless its head is all there is. */
    private void tell(ResponseHead response, boolean endOfStream) {
        if (!request.isGrpc()) {
            tell(response.status());
        } else if (endOfStream || response.status() != 200) {
            tell(response.status() == 200 ? GrpcStatus.toHttp(response.headers()) : response.status());
        }
    }

    private void tell(int status) {
        if (!told) {
            told = true;
            endpoint.answered(status, request.now() - began);
        }
    }

    private void tell(LocalFailure why) {
        if (!told) {
            told = true;
            endpoint.failed(why, request.now() - began);
        }
    }

    /** Ends without an answer for anybody; the request is not told. */
    void cancel() {
        State before = state;
        if (before == State.WAITING || before == State.OPEN) {
            state = State.OVER;
            if (before == State.WAITING) {
                cluster.forget(this);
            } else if (stream != null) {
                stream.reset();
            }
            leave();
        }
    }

    /**
     * The answer that began is not wanted. Its rest has often arrived with its head; then it is let go of and the
     * connection stays good, else the stream is reset, as nobody knows how much would come.
     */
    void discard() {
        if (!request.isEnded()) {
            cancel();
        } else if (state == State.OPEN) {
            state = State.DISCARDING;
            leave();
            stream().channel().eventLoop().execute(() -> {
                if (state == State.DISCARDING) {
                    state = State.OVER;
                    stream().reset();
                }
            });
        }
    }

    private void discarded(boolean endOfStream) {
        if (endOfStream && state == State.DISCARDING) {
            state = State.OVER;
        }
    }

    private void lost(Lost why, Failure failure) {
        state = State.OVER;
        leave();
        request.lost(this, why, failure);
    }

    private void ended(boolean endOfStream) {
        if (endOfStream && upgraded && !request.isEnded()) {
            // In another protocol each direction has an end of its own.
            answerEnded = true;
        } else if (endOfStream) {
            state = State.OVER;
            leave();
            if (!request.isEnded() && stream != null) {
                // The answer came first: what is left of the request has no reader, and the connection no use.
                stream.reset();
            }
        }
    }

    /** The request has ended as well. Answers whether it was all that was left of an exchange in another protocol. */
    boolean requestEnded() {
        if (!answerEnded || state != State.OPEN) {
            return false;
        }
        state = State.OVER;
        leave();
        return true;
    }

    /** The connection itself tells its pool whether it can take another request. */
    private void leave() {
        if (counted) {
            counted = false;
            load.requests().decrementAndGet();
            cluster.metrics().add(ClusterMetric.REQUESTS_ACTIVE, -1);
            if (connection != null) {
                endpoint.requestEnded();
            }
        }
    }

    private static final ClusterMetric[] STATUS = {
        ClusterMetric.STATUS_1XX,
        ClusterMetric.STATUS_2XX,
        ClusterMetric.STATUS_3XX,
        ClusterMetric.STATUS_4XX,
        ClusterMetric.STATUS_5XX
    };
}
