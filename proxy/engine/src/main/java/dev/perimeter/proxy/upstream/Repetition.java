package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.RetryLimit;
import dev.perimeter.proxy.failure.ResponseFlag;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.observe.Journal;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.Lost;
import dev.perimeter.proxy.retry.Retries;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.Resilience;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether and when one request is sent again: what {@link Failover} allows at once, then what the route's {@link Retries}
 * grant after a wait. A request that neither has a policy nor trouble never gets one of these.
 */
final class Repetition {

    private final UpstreamRequest request;
    private final Upstreams upstreams;
    private final ClusterPool cluster;
    private final Journal journal;
    private final Failover failover;
    private final boolean hedges;
    private final @Nullable Retries retries;
    private @Nullable TryTimer timer;

    Repetition(
            UpstreamRequest request, Upstreams upstreams, ClusterPool cluster, Journal journal, Resilience resilience) {
        this.request = request;
        this.upstreams = upstreams;
        this.cluster = cluster;
        this.journal = journal;
        this.hedges = resilience.hedgeOnPerTryTimeout();
        RetryLimit limit =
                cluster.cluster().config().limits().of(resilience.priority()).retries();
        ClusterLoad.Share load = cluster.cluster().load().of(resilience.priority());
        this.failover = new Failover(load, limit);
        RetryPolicy policy = resilience.retry();
        this.retries = policy == null ? null : new Retries(policy, request.head(), load, limit, cluster.metrics());
        if (policy != null
                && (!policy.perTryTimeout().isZero()
                        || !policy.perTryIdleTimeout().isZero())) {
            timer = new TryTimer(upstreams, request, policy);
        }
    }

    /** How long one attempt is waited for, zero for as long as the request; one that is hedged has more time than one. */
    Duration tryTimeout() {
        return retries == null || hedges ? Duration.ZERO : retries.policy().perTryTimeout();
    }

    boolean avoidsPreviousHosts() {
        return retries != null && retries.policy().avoidPreviousHosts();
    }

    void began(Attempt attempt) {
        if (timer != null) {
            timer.began(attempt, request.isEnded());
        }
    }

    void requestEnded() {
        if (timer != null) {
            timer.requestEnded(request.running());
        }
    }

    void heard(Attempt attempt) {
        if (timer != null) {
            timer.heard(attempt);
        }
    }

    /** The policy counts this answer as a failure that may be repeated. */
    boolean isBad(ResponseHead answer) {
        return retries != null && retries.isBad(answer);
    }

    /** The answer is the one for the client. */
    void answered(Attempt attempt, ResponseHead answer) {
        if (retries != null) {
            retries.answered(answer);
        }
        if (timer != null) {
            timer.answered(attempt);
        }
    }

    /** What may be done at once after an attempt came to nothing. */
    Failover.Way atOnce(Lost why) {
        return failover.after(why, request.head(), request.isReplayable());
    }

    /** It is done; false if the cluster has no place for it. */
    boolean takePlace() {
        boolean admitted = failover.take();
        if (admitted) {
            cluster.metrics().increment(ClusterMetric.REQUESTS_RETRIED);
        }
        return admitted;
    }

    boolean retryAfter(ResponseHead answer) {
        return retries != null && granted(retries, retries.afterAnswer(answer, request.isReplayable()), answer);
    }

    boolean retryAfter(Lost why) {
        return retries != null && granted(retries, retries.afterLoss(why, request.isReplayable()), null);
    }

    /** Whether a slow attempt goes on instead of being given up. */
    boolean hedges() {
        return hedges && retries != null;
    }

    /** Another attempt beside a slow one. */
    boolean retryBeside() {
        boolean granted = retries != null && granted(retries, retries.beside(request.isReplayable()), null);
        if (granted) {
            cluster.metrics().increment(ClusterMetric.REQUESTS_HEDGED);
        }
        return granted;
    }

    private boolean granted(Retries asked, Retries.Answer answer, @Nullable ResponseHead response) {
        switch (answer) {
            case YES -> {
                long now = upstreams.clock().getAsLong();
                if (timer == null) {
                    timer = new TryTimer(upstreams, request, asked.policy());
                }
                timer.retryAt(now + asked.delayNanos(response, journal.millisAt(now), upstreams.random()));
                return true;
            }
            case SPENT -> journal.flag(ResponseFlag.RETRY_LIMIT_EXCEEDED);
            case OVERFLOW -> journal.flag(ResponseFlag.UPSTREAM_OVERFLOW);
            case NO -> {}
        }
        return false;
    }

    boolean isRetryPending() {
        return timer != null && timer.isRetryPending();
    }

    void close() {
        failover.close();
        if (retries != null) {
            retries.close();
        }
        if (timer != null) {
            timer.cancel();
        }
    }
}
