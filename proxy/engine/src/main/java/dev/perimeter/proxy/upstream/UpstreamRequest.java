package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.Priority;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.AttemptMarks;
import dev.perimeter.proxy.retry.Lost;
import dev.perimeter.proxy.route.GrpcTimeout;
import dev.perimeter.proxy.route.RequestRewrite;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.upstream.connect.EndpointAuthority;
import dev.perimeter.proxy.upstream.connect.ServerName;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a cluster: makes an {@link Attempt}, looks at what becomes of it, and hands the answer on or
 * tries again. Whether it may is said by {@link Repetition}. Once a head went to the client there is no way back. Belongs to the event
 * loop of its exchange.
 */
public final class UpstreamRequest {

    private final Upstreams upstreams;
    private final ClusterPool cluster;
    private final Downstream downstream;
    private final Journal journal;
    private final RequestHead head;
    private final @Nullable RequestBody body;
    private final boolean grpc;
    private final @Nullable String serverName;
    private final Resilience resilience;
    private final Attempts attempts = new Attempts();
    private @Nullable Repetition repetition;
    private @Nullable Attempt winner;
    private Pick wish = Pick.ANY;
    private final List<Endpoint> tried = new ArrayList<>(2);
    private @Nullable Failure lastFailure;
    private boolean envoyHeaders = true;
    private @Nullable EndpointAuthority authority;
    private boolean hedging;
    private boolean over;

    /** @param resilience of the route, with what the request itself may ask for */
    public UpstreamRequest(
            Upstreams upstreams,
            Cluster cluster,
            RequestHead head,
            boolean endOfStream,
            Downstream downstream,
            Journal journal,
            Resilience resilience) {
        this.upstreams = upstreams;
        this.cluster = upstreams.on(cluster);
        this.head = head;
        this.body = endOfStream ? null : new RequestBody(attempts, downstream, resilience.bufferLimit());
        this.grpc = GrpcTimeout.isCall(head);
        this.serverName = ServerName.of(cluster.config().protocol().naming(), head);
        this.downstream = downstream;
        this.journal = journal;
        this.resilience = resilience;
    }

    /** To be called before {@link #start}; a request without a body is never heard of. */
    public void tap(BodyTap sees) {
        if (body != null) {
            body.tap(sees);
        }
    }

    /** Nothing is said in {@code x-envoy-*} headers that the config did not ask for. To be called before {@link #start}. */
    public void suppressEnvoyHeaders() {
        envoyHeaders = false;
    }

    /** Before the start: its authority may be the name of its endpoint. @param own of the cluster, or null */
    public void namedBy(RequestRewrite rewrite, @Nullable String own) {
        authority = own == null ? EndpointAuthority.of(head, rewrite, envoyHeaders) : null;
    }

    /** Before the start: which endpoints will do. */
    public UpstreamRequest choosing(Pick by) {
        wish = by;
        return this;
    }

    /** Answers through {@link Downstream}, possibly before this returns. Body parts may follow once data is taken. */
    public void start() {
        if (resilience.retry() != null) {
            repetition = new Repetition(this, upstreams, cluster, journal, resilience);
            if (body != null) {
                body.keep();
            }
        }
        bodyWaits();
        attempt(cluster.pick(wish.without(tried)), false);
    }

    private void attempt(@Nullable Endpoint endpoint, boolean hedge) {
        if (endpoint == null) {
            cluster.metrics().increment(ClusterMetric.NO_ENDPOINT);
            if (attempts.isEmpty()) {
                Failure nobody = new Failure.NoEndpoint(cluster.cluster().name());
                fail(lastFailure == null ? nobody : lastFailure);
            }
            return;
        }
        tried.add(endpoint);
        attempt(cluster.pool(endpoint, serverName), false, hedge);
    }

    /** @param fresh true when a connection used before will not do */
    private void attempt(EndpointPool pool, boolean fresh, boolean hedge) {
        journal.attempt(pool.name());
        Attempt attempt = new Attempt(this, cluster, pool, hedge);
        attempts.add(attempt);
        if (repetition != null) {
            repetition.began(attempt);
        }
        attempt.start(fresh);
    }

    /** The attempt is about to send the head. */
    void connects(Attempt attempt) {
        journal.connected(attempt.localAddress());
        if (authority != null) {
            authority.of(attempt.endpoint().hostname());
        }
        AttemptMarks.sent(head.headers(), journal.attempts(), resilience.countInRequest(), attempt.isHedge());
        Duration tryTimeout = repetition == null ? Duration.ZERO : repetition.tryTimeout();
        AttemptMarks.deadline(head, downstream.remainingNanos(), tryTimeout, envoyHeaders);
    }

    /** The head is out. */
    void opened(Attempt attempt) {
        if (body != null) {
            body.opened(attempt);
        }
    }

    /** A part of the request's body; takes ownership. Only while data is taken, what comes after the end is let go. */
    public void sendData(ByteBuf data, boolean endOfStream) {
        if (over || body == null) {
            data.release();
        } else {
            body.data(data, endOfStream);
            sent();
        }
    }

    public void sendTrailers(Headers trailers) {
        if (!over && body != null) {
            body.trailers(trailers);
            sent();
        }
    }

    private void sent() {
        if (over) {
            return;
        }
        if (!isEnded()) {
            pace();
        } else if (winner != null) {
            ended(winner.requestEnded());
        } else if (repetition != null) {
            repetition.requestEnded();
        }
    }

    void pace() {
        if (!over && body != null) {
            body.pace();
        }
    }

    /** The client is slow (true) or takes bytes again (false). */
    public void pauseReading(boolean pause) {
        if (winner != null && winner.isOpen()) {
            winner.stream().pauseReading(pause);
        }
    }

    /** What waits here for the upstream and for the client. */
    public long bufferedBytes() {
        return body == null ? attempts.bufferedBytes() : body.bufferedBytes();
    }

    /** The exchange is over before the upstream's answer is; nothing is called on the downstream after this. */
    public void cancel() {
        if (!over) {
            end();
            attempts.cancelAllBut(null);
        }
    }

    /** As {@link #cancel()}, since the answer did not come in time. */
    public void timedOut() {
        cluster.metrics().increment(ClusterMetric.REQUESTS_TIMEOUT);
        if (winner == null) {
            for (Attempt each = attempts.first(); each != null; each = each.next) {
                each.timedOut();
            }
        }
        cancel();
    }

    void informational(ResponseHead informational) {
        downstream.upstreamInformational(informational);
    }

    void answered(Attempt attempt, ResponseHead response, boolean endOfStream) {
        if (repetition != null && !isWanted(attempt, response, repetition)) {
            return;
        }
        winner = attempt;
        attempts.cancelAllBut(attempt);
        if (repetition != null) {
            repetition.answered(attempt, response);
        }
        if (body != null) {
            body.answered();
        }
        if (hedging) {
            journal.answeredBy(attempt.endpoint().name(), attempt.localAddress());
        }
        long now = upstreams.clock().getAsLong();
        journal.responseBegan(now);
        AttemptMarks.serviceTime(response.headers(), envoyHeaders ? journal.sinceRequest(now) : -1);
        if (resilience.countInResponse()) {
            AttemptMarks.count(response.headers(), journal.attempts());
        }
        ended(endOfStream);
        downstream.upstreamHead(response, endOfStream);
    }

    /** False when another attempt shall give the answer. */
    private boolean isWanted(Attempt attempt, ResponseHead response, Repetition repeats) {
        repeats.heard(attempt);
        if (!repeats.isBad(response) || !repeats.retryAfter(response) && !isAnotherWaitedFor(attempt)) {
            return true;
        }
        attempts.remove(attempt);
        attempt.discard();
        bodyWaits();
        return false;
    }

    void answerData(Attempt attempt, ByteBuf data, boolean endOfStream) {
        if (repetition != null) {
            repetition.heard(attempt);
        }
        ended(endOfStream);
        downstream.upstreamData(data, endOfStream);
    }

    void answerTrailers(Headers trailers) {
        ended(true);
        downstream.upstreamTrailers(trailers);
    }

    /** The attempt is over without a whole answer. */
    void lost(Attempt attempt, Lost why, Failure failure) {
        attempts.remove(attempt);
        lastFailure = failure;
        if (failure instanceof Failure.ConnectFailed failed) {
            journal.transportFailure(failed.cause());
        }
        if (over) {
            return;
        }
        if (attempt == winner) {
            fail(failure);
            return;
        }
        bodyWaits();
        if (repetition == null) {
            repetition = new Repetition(this, upstreams, cluster, journal, resilience);
        }
        if (!movesOn(attempt, why, repetition) && !repetition.retryAfter(why) && !isAnotherWaitedFor(attempt)) {
            fail(failure);
        }
    }

    private boolean movesOn(Attempt attempt, Lost why, Repetition repeats) {
        Failover.Way way = repeats.atOnce(why);
        Endpoint another = way == Failover.Way.ELSEWHERE ? cluster.pick(wish.without(tried)) : null;
        boolean possible = way == Failover.Way.AFRESH || another != null;
        if (!possible || !repeats.takePlace()) {
            return false;
        }
        if (another == null) {
            attempt(attempt.endpoint(), true, attempt.isHedge());
        } else {
            attempt(another, attempt.isHedge());
        }
        return true;
    }

    /** An attempt took longer than one may. */
    void tryTimedOut(Attempt attempt, boolean idle) {
        cluster.metrics().increment(idle ? ClusterMetric.PER_TRY_IDLE_TIMEOUT : ClusterMetric.PER_TRY_TIMEOUT);
        if (repetition != null && repetition.hedges() && !idle) {
            attempt.deadline(Attempt.NEVER);
            hedging |= repetition.retryBeside();
            return;
        }
        attempt.timedOut();
        String name = attempt.endpoint().name();
        Failure late = new Failure.PerTryTimeout(cluster.cluster().name(), name, journal.attempts(), idle);
        lost(attempt, Lost.TRY_TIMEOUT, late);
    }

    /** The wait before a retry is over. */
    void retry() {
        boolean avoid = repetition != null && repetition.avoidsPreviousHosts();
        Endpoint endpoint = avoid ? cluster.pick(wish.without(tried)) : null;
        attempt(endpoint == null ? cluster.pick(wish.without(List.of())) : endpoint, !attempts.isEmpty());
    }

    private boolean isAnotherWaitedFor(Attempt ended) {
        Attempt first = attempts.first();
        boolean runs = first != null && (first != ended || first.next != null);
        return runs || repetition != null && repetition.isRetryPending();
    }

    boolean isReplayable() {
        return body == null || body.isReplayable();
    }

    private void bodyWaits() {
        if (body != null) {
            body.waits();
        }
    }

    private void fail(Failure failure) {
        cancel();
        downstream.upstreamFailed(failure);
    }

    private void ended(boolean endOfStream) {
        if (endOfStream && (winner == null || !winner.isOpen())) {
            end();
            cluster.metrics().duration(upstreams.clock().getAsLong() - journal.started());
        }
    }

    private void end() {
        over = true;
        if (repetition != null) {
            repetition.close();
        }
        if (body != null) {
            body.close();
        }
    }

    long now() {
        return upstreams.clock().getAsLong();
    }

    boolean isGrpc() {
        return grpc;
    }

    RequestHead head() {
        return head;
    }

    boolean isBodyless() {
        return body == null;
    }

    boolean isEnded() {
        return body == null || body.isEnded();
    }

    Priority priority() {
        return resilience.priority();
    }

    /** Made so far. */
    public int attempts() {
        return journal.attempts();
    }

    Attempts running() {
        return attempts;
    }
}
