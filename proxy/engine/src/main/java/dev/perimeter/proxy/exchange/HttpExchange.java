package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.accept.WantedHost;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.failure.LocalReply;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.filter.RouterSettings;
import dev.perimeter.proxy.filter.chain.FilterChain;
import dev.perimeter.proxy.http.BadRequest;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.http.tunnel.OpenTunnel;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.HttpMeter;
import dev.perimeter.proxy.observe.metric.HttpMetric;
import dev.perimeter.proxy.overload.Overload;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.route.Location;
import dev.perimeter.proxy.route.Rewrite;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.select.RouteRule;
import dev.perimeter.proxy.route.select.Target;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.runtime.LocalReplies;
import dev.perimeter.proxy.tcp.ConnectionMeter;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response. {@link #onHead} composes its whole way; {@link ExchangeResponse} is the way back. Lives
 * on the event loop of its connection.
 */
final class HttpExchange extends ExchangeContext implements RequestHandler {

    private final Cells<HttpMetric> metrics;
    private final ExchangeResponse response;
    private final TimerSlot slot;
    private final ExchangeTimer timer;
    private final Pauses requestPauses = new Pauses();
    private @Nullable RequestHead request;
    private LocalReplies.To client = LocalReplies.To.ANY;
    private @Nullable RouteRule rule;
    private @Nullable Target target;
    private @Nullable FilterChain chain;
    private @Nullable UpstreamRequest upstream;
    private boolean requestEnded;
    private boolean over;

    HttpExchange(HttpConnection connection, HttpRuntime manager, ServerStream stream, Journal journal, TimerSlot slot) {
        super(connection, manager, journal, stream);
        this.slot = slot;
        slot.exchange = this;
        this.metrics = manager.metrics().on(connection.worker().number());
        this.response = new ExchangeResponse(this, stream, journal);
        this.timer = new ExchangeTimer(slot.timer, connection.worker().clock(), journal.started());
        metrics.increment(HttpMetric.REQUESTS);
        metrics.add(HttpMetric.REQUESTS_ACTIVE, 1);
    }

    /** The way of a request; nothing is added to it elsewhere. */
    @Override
    public void onHead(RequestHead head, boolean endOfStream) {
        arrived(head);
        // The route's time-out will count from the end of the request.
        received(endOfStream);
        // Before anything is spent on it.
        if (connection.worker().overload().refusesRequest(connection.worker().random())) {
            fail(Overload.REFUSAL);
            return;
        }
        // Routes and upstream read one form of path and authority, or a path could be read past a route.
        if (!clean(head)) {
            return;
        }
        // What the client may not say of itself is put right before anything reads it.
        EdgeHeaders.request(head, this);
        timer.maxStream(manager.config().timeouts().maxStream().toNanos());
        // The route comes before the filters, since it may configure them.
        rule = manager.routes().select(head, connection.worker().random());
        target = rule == null ? null : rule.target(head, connection.worker().random());
        Upgrades.Verdict verdict = Upgrades.of(head, manager.config().protocols(), rule, stream);
        if (verdict == Upgrades.Verdict.REFUSED) {
            fail(new Failure.TunnelRefused(head.upgrade() == null ? head.method() : head.upgrade(), head.authority()));
            return;
        }
        boolean whole = endOfStream || verdict == Upgrades.Verdict.DROPPED;
        received(whole);
        // The filters in the order of the config; the router at their end calls forward().
        chain = new FilterChain(
                rule == null ? manager.filters().standard() : manager.filters().plan(rule.filterConfigs(target)),
                this,
                new RequestEnd(this, response),
                response);
        chain.requestHead(head, whole);
    }

    private void arrived(RequestHead head) {
        request = head;
        client = LocalReplies.To.of(head);
        journal.request(head);
    }

    /** Whether the request goes on. */
    private boolean clean(RequestHead head) {
        switch (CleanRequest.clean(head, manager.config(), stream.channel().localAddress())) {
            case GOES_ON -> {
                return true;
            }
            case UNDERSCORE -> fail(Underscores.refusal(head));
            case REFUSED -> fail(new Failure.Refused(400, "path_normalization_failed", "", null));
            case ELSEWHERE -> response.redirect(CleanRequest.TO_PLAIN_PATH, head.path());
        }
        return false;
    }

    /** The request passed all filters: where its route sends it. */
    void forward(RequestHead head, boolean endOfStream) {
        RouteRule matched = rule;
        if (matched == null) {
            fail(new Failure.NoRoute(head.authority(), head.path()));
            return;
        }
        Route route = matched.route();
        journal.route(route.name());
        switch (route.action()) {
            case RouteAction.DirectResponse direct -> response.direct(direct);
            case RouteAction.Redirect redirect -> response.redirect(redirect, Location.of(head, route, redirect));
            case RouteAction.Forward forward -> forward(head, endOfStream, matched, forward);
        }
    }

    private void forward(RequestHead head, boolean endOfStream, RouteRule matched, RouteAction.Forward forward) {
        Target chosen = target;
        Cluster cluster = chosen == null ? null : manager.runtime().cluster(chosen.cluster());
        if (chosen == null || cluster == null) {
            fail(new Failure.NoCluster(
                    chosen == null ? "(none has a weight)" : chosen.cluster(), forward.noClusterStatus()));
            return;
        }
        journal.cluster(cluster.name());
        chosen.requestHeaders().apply(head.headers(), journal);
        Rewrite.apply(head, matched.route(), forward.rewrite(), chosen.host(), RouterSettings.marks(this));
        timer.idle(forward.timeouts().idle());
        if (head.method().equals("CONNECT")) {
            new ConnectTunnel(this, stream, journal).open(cluster, forward);
            return;
        }
        Pick pick = Affinity.pick(this, head, forward.hash(), chosen.metadata());
        upstream = new Forwarding(this, timer, journal)
                .prepare(head, endOfStream, cluster, forward, response)
                .choosing(WantedHost.of(cluster, pick, ConnectionFacts.of(stream.channel()), head.headers()));
        upstream.namedBy(forward.rewrite(), chosen.host());
        upstream.start();
    }

    @Override
    public void onData(ByteBuf data, boolean endOfStream) {
        journal.received(data.readableBytes());
        if (over || chain == null) {
            data.release();
            return;
        }
        watch(endOfStream);
        chain.requestData(data, endOfStream);
    }

    @Override
    public void onTrailers(Headers trailers) {
        if (!over && chain != null) {
            watch(true);
            chain.requestTrailers(trailers);
        }
    }

    @Override
    public void onReset(StreamReset reason) {
        if (over) {
            return;
        }
        if (!reason.connectionGone()) {
            fail(
                    reason.cause() == StreamReset.Cause.TIMEOUT
                            ? new Failure.StreamIdle(requestEnded, reason.sentence())
                            : new Failure.Malformed(
                                    new BadRequest(400, "http1.codec_error", reason.sentence(), request)));
            return;
        }
        metrics.increment(HttpMetric.REQUESTS_RESET);
        journal.flag(ResponseFlag.DOWNSTREAM_CLOSED);
        journal.details("downstream_remote_disconnect");
        complete();
    }

    @Override
    public void onWritable() {
        response.clientWritable();
    }

    /** A request that ended in the codec. */
    void refuse(@Nullable RequestHead partial, Failure failure) {
        if (partial != null) {
            arrived(partial);
        }
        requestEnded = true;
        fail(failure);
    }

    /** The one way out that is not an answer of the upstream. */
    @Override
    void fail(Failure failure) {
        if (over) {
            return;
        }
        LocalReply reply = LocalReply.of(failure);
        if (reply.flag() != null) {
            journal.flag(reply.flag());
        }
        if (upstream != null) {
            upstream.cancel();
        }
        if (response.began() || tunnel != null) {
            // The head is out: all that is left is to make sure that nobody takes a part for the whole.
            journal.details(reply.details().replace("before_response_started", "after_response_started"));
            stream.reset();
            if (tunnel != null) {
                tunnel.tear(failure.sentence());
            }
            complete();
            return;
        }
        journal.localReply(reply.status(), reply.details(), reply.body());
        metrics.increment(HttpMetric.LOCAL_REPLIES);
        LocalReplies.Reply written = manager.localReplies().reply(reply, failure.sentence(), journal, client);
        if (failure instanceof Failure.Refused refused) {
            refused.headers().apply(written.head().headers(), journal);
        }
        Forwarding.marks(this, failure, written.head());
        response.local(written.head(), Unpooled.wrappedBuffer(written.body()));
    }

    /** A filter answers in the upstream's place. */
    void answer(ResponseHead answer, String details) {
        response.answered(answer, details);
    }

    /** Somebody here wants the content before the upstream is asked, so a client that waits for a sign gets ours. */
    void continueRequest() {
        Headers headers = request().headers();
        if (headers.contains("expect")) {
            headers.remove("expect");
            stream.sendInformational(new ResponseHead(100, "Continue", new Headers()));
        }
    }

    /** The timer of the connection rang. */
    void expired() {
        switch (timer.expired()) {
            case TIMED_OUT -> {
                if (upstream != null) {
                    upstream.timedOut();
                }
                fail(new Failure.ResponseTimeout(String.valueOf(journal.clusterName()), timer.elapsedMillis()));
            }
            case TOO_LONG ->
                fail(new Failure.DurationTimeout(
                        requestEnded, "the stream was not over after " + timer.elapsedMillis() + " ms"));
            case SILENT ->
                fail(new Failure.StreamIdle(requestEnded, "nothing moved for " + timer.idleMillis() + " ms"));
            case NOT_YET -> {}
        }
    }

    /** Something more came from the client. */
    private void watch(boolean endOfStream) {
        timer.moved();
        received(endOfStream);
    }

    private void received(boolean endOfStream) {
        if (endOfStream && !requestEnded && !response.isUpgraded()) {
            requestEnded = true;
            journal.requestEnded(timer.lastMove());
            timer.requestEnded();
        }
    }

    /** There are no more messages: from here on the meter knows what moves. */
    void tunnelled(OpenTunnel through, ConnectionMeter meter) {
        tunnel = through;
        timer.watch(meter);
    }

    void moved() {
        timer.moved();
    }

    void pauseRequest(int reason, boolean on) {
        if (requestPauses.change(reason, on)) {
            stream.pauseReading(on);
        }
    }

    /** The exchange is over; whoever waits for its journal gets it now. */
    void complete() {
        if (over) {
            return;
        }
        over = true;
        journal.ended(clock().getAsLong());
        if (upstream != null) {
            upstream.cancel();
        }
        if (chain != null) {
            chain.complete();
        }
        if (requestPauses.any()) {
            stream.pauseReading(false);
        }
        HttpMeter.ended(metrics, journal);
        connection.worker().log().write(manager.config().accessLogs(), journal);
        connection.ended(slot);
    }

    /** What the route, and the cluster if one was chosen, change in the headers of the answer. */
    HeaderEdits responseHeaders() {
        RouteRule matched = rule;
        Target chosen = target;
        return chosen != null
                ? chosen.responseHeaders()
                : matched == null ? HeaderEdits.NONE : matched.responseHeaders();
    }

    @Override
    @Nullable
    FilterChain chain() {
        return chain;
    }

    @Nullable
    UpstreamRequest upstream() {
        return upstream;
    }

    LocalReplies.To client() {
        return client;
    }

    boolean isOver() {
        return over;
    }

    @Override
    public RequestHead request() {
        return java.util.Objects.requireNonNull(request, "asked before the request's head was there");
    }

    @Nullable
    RequestHead requestIfAny() {
        return request;
    }

    @Override
    public @Nullable ResponseHead response() {
        return response.head();
    }

    @Override
    public @Nullable Route route() {
        return rule == null ? null : rule.route();
    }

    @Override
    public @Nullable String targetCluster() {
        return target == null ? null : target.cluster();
    }

    @Override
    public long deadline() {
        return timer.deadline();
    }

    long remainingNanos() {
        return timer.remainingNanos();
    }
}
