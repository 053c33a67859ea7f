package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.RouterSettings;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.mirror.Mirrors;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.retry.AttemptMarks;
import dev.perimeter.proxy.retry.RequestedRetries;
import dev.perimeter.proxy.route.GrpcTimeout;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.runtime.Worker;
import dev.perimeter.proxy.upstream.Downstream;
import dev.perimeter.proxy.upstream.UpstreamRequest;
import java.time.Duration;

/** Makes a request ready for the cluster of its route: what it may ask for itself, how long it may take, its copies. */
final class Forwarding {

    private final HttpExchange exchange;
    private final ExchangeTimer timer;
    private final Journal journal;

    Forwarding(HttpExchange exchange, ExchangeTimer timer, Journal journal) {
        this.exchange = exchange;
        this.timer = timer;
        this.journal = journal;
    }

    /** The request ready to {@link UpstreamRequest#start()}. */
    UpstreamRequest prepare(
            RequestHead head, boolean endOfStream, Cluster cluster, Forward forward, Downstream response) {
        Worker worker = exchange.connection().worker();
        Timeouts timeouts = forward.timeouts();
        Resilience resilience = forward.resilience();
        Duration timeout = timeouts.route();
        // Only what began inside the network still has such headers, but for the time an earlier proxy waits.
        RequestedRetries requested = RequestedRetries.take(head);
        if (requested != null) {
            timeout = requested.timeout(timeout, exchange.get(RouterSettings.RESPECT_EXPECTED_TIMEOUT) != null);
            resilience = resilience.with(
                    requested.over(resilience.retry()), requested.hedge(resilience.hedgeOnPerTryTimeout()));
        }
        limit(timeouts, timeout, head);
        UpstreamRequest upstream =
                new UpstreamRequest(worker.upstreams(), cluster, head, endOfStream, response, journal, resilience);
        if (exchange.get(RouterSettings.SUPPRESS_ENVOY_HEADERS) != null) {
            upstream.suppressEnvoyHeaders();
        }
        if (!resilience.mirrors().isEmpty() && head.upgrade() == null) {
            Mirrors mirrors = Mirrors.begin(
                    resilience.mirrors(),
                    head,
                    endOfStream,
                    exchange.manager().runtime()::cluster,
                    worker.upstreams(),
                    journal,
                    timeout,
                    worker.random());
            if (mirrors != null) {
                upstream.tap(mirrors);
            }
        }
        return upstream;
    }

    /** What a reply made here says of the attempts before it. */
    static void marks(HttpExchange exchange, Failure failure, ResponseHead reply) {
        if (failure instanceof Failure.Overflow && exchange.get(RouterSettings.SUPPRESS_ENVOY_HEADERS) == null) {
            reply.headers().add("x-envoy-overloaded", "true");
        }
        boolean counts = exchange.route() != null
                && exchange.route().action() instanceof Forward forward
                && forward.resilience().countInResponse();
        if (counts && exchange.upstream() != null) {
            AttemptMarks.count(reply.headers(), exchange.upstream().attempts());
        }
    }

    /** The route's own limits, and those that a gRPC call brings along (Envoy: RouteAction.max_stream_duration). */
    private void limit(Timeouts timeouts, Duration timeout, RequestHead head) {
        boolean call = GrpcTimeout.isCall(head);
        long asked = call ? GrpcTimeout.read(head.headers()) : GrpcTimeout.NONE;
        Timeouts.Grpc grpcRoute = timeouts.grpcRoute();
        Timeouts.Grpc grpcStream = timeouts.grpcStream();
        if (call && grpcRoute != null) {
            timer.callTimeout(grpcRoute.granted(asked));
        } else {
            timer.timeout(timeout);
            if (asked != GrpcTimeout.NONE && grpcStream == null) {
                timer.callTimeout(Math.max(asked, 1));
            }
        }
        if (asked != GrpcTimeout.NONE && grpcStream != null) {
            timer.maxStream(grpcStream.granted(asked));
        } else if (timeouts.maxStream() != null) {
            timer.maxStream(timeouts.maxStream().toNanos());
        }
    }
}
