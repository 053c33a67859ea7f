package dev.perimeter.proxy.retry;

import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.RetryLimit;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.route.select.ValueConditions;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The retries of one request: asked after each attempt whether there shall be another. Holds at most one place among the
 * cluster's retries, until {@link #close()}. Belongs to one event loop.
 */
public final class Retries {

    public enum Answer {
        /** Another attempt, after {@link #delayNanos}. */
        YES,
        /** Nothing is wrong, or nothing that the policy or safety lets repeat. */
        NO,
        /** The policy would, but it has been tried as often as it says. */
        SPENT,
        /** The policy would, but the cluster has too many retries under way. */
        OVERFLOW
    }

    private final RetryPolicy policy;
    private final SafeToRepeat safety;
    private final ClusterLoad.Share load;
    private final RetryLimit limit;
    private final Cells<ClusterMetric> metrics;
    private int done;
    private boolean holdsPlace;

    public Retries(
            RetryPolicy policy,
            RequestHead head,
            ClusterLoad.Share load,
            RetryLimit limit,
            Cells<ClusterMetric> metrics) {
        this.policy = policy;
        this.safety = SafeToRepeat.of(head, policy);
        this.load = load;
        this.limit = limit;
        this.metrics = metrics;
    }

    public RetryPolicy policy() {
        return policy;
    }

    /** Whether the request may run twice at once. */
    public boolean mayHedge() {
        return safety == SafeToRepeat.ALWAYS;
    }

    /** Whether the policy counts this answer as a failure that may be repeated. */
    public boolean isBad(ResponseHead answer) {
        return safety == SafeToRepeat.ALWAYS && covers(answer);
    }

    /** @param replayable whether all of the request is still at hand */
    public Answer afterAnswer(ResponseHead answer, boolean replayable) {
        return isBad(answer) && replayable ? more() : Answer.NO;
    }

    public Answer afterLoss(Lost why, boolean replayable) {
        boolean safe = safety == SafeToRepeat.ALWAYS || safety == SafeToRepeat.UNPROCESSED && why.unprocessed();
        return safe && replayable && policy.on(why.on()) ? more() : Answer.NO;
    }

    /** An attempt is slow and goes on; a second one beside it needs no {@code retry_on} (as in Envoy). */
    public Answer beside(boolean replayable) {
        return mayHedge() && replayable ? more() : Answer.NO;
    }

    private Answer more() {
        if (done >= policy.retries()) {
            metrics.increment(ClusterMetric.RETRY_LIMIT_EXCEEDED);
            return Answer.SPENT;
        }
        close();
        done++;
        if (!load.admitRetry(limit)) {
            metrics.increment(ClusterMetric.RETRY_OVERFLOW);
            return Answer.OVERFLOW;
        }
        holdsPlace = true;
        metrics.increment(ClusterMetric.REQUESTS_RETRIED);
        return Answer.YES;
    }

    /**
     * How long the retry just granted waits.
     *
     * @param answer what was answered, or null when nothing was
     * @param nowMillis the time of day
     */
    public long delayNanos(@Nullable ResponseHead answer, long nowMillis, RandomGenerator random) {
        RateLimitedBackOff asked = policy.rateLimited();
        if (asked != null && answer != null) {
            long wish = asked.delayNanos(answer.headers(), nowMillis, random);
            if (wish != RateLimitedBackOff.NONE) {
                metrics.increment(ClusterMetric.RETRY_BACKOFF_RATELIMITED);
                return wish;
            }
        }
        metrics.increment(ClusterMetric.RETRY_BACKOFF_EXPONENTIAL);
        return policy.backOff().delayNanos(done, random);
    }

    /** The answer that goes to the client is there. */
    public void answered(ResponseHead answer) {
        if (holdsPlace && !covers(answer)) {
            metrics.increment(ClusterMetric.RETRY_SUCCESS);
        }
    }

    /** The request is over: its place is free. */
    public void close() {
        if (holdsPlace) {
            holdsPlace = false;
            load.retries().decrementAndGet();
        }
    }

    private boolean covers(ResponseHead answer) {
        Headers headers = answer.headers();
        // Who limits the rate knows what one more request would do to it.
        if (headers.contains("x-envoy-ratelimited")) {
            return policy.on(RetryOn.RATE_LIMITED);
        }
        int status = answer.status();
        if (policy.on(RetryOn.SERVER_ERROR) && status >= 500 && status < 600
                || policy.on(RetryOn.GATEWAY_ERROR) && status >= 502 && status <= 504
                || policy.on(RetryOn.RETRIABLE_4XX) && status == 409
                || policy.on(RetryOn.STATUS_CODES) && policy.statuses().contains(status)) {
            return true;
        }
        if (policy.on(RetryOn.HEADERS) && ValueConditions.any(policy.headers(), headers)) {
            return true;
        }
        if (!policy.onGrpcStatus()) {
            return false;
        }
        // A gRPC answer that is over with its head has its status there ("trailers-only").
        String grpc = headers.get("grpc-status");
        return grpc != null && policy.on(RetryOn.ofGrpcStatus(grpc));
    }
}
