package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.RetryLimit;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.retry.Lost;
import dev.perimeter.proxy.retry.SafeToRepeat;

/**
 * Moving on at once, without a policy and without a wait, where a repetition cannot do harm: to another endpoint when no
 * connection came about (any method), and once on another connection when the upstream said that it did not touch the
 * request (any method, RFC 9113 section 8.7), or when a reused one was closed before it answered an idempotent request
 * (RFC 9110 section 9.2.2, RFC 9112 section 9.3.1).
 */
final class Failover {

    enum Way {
        ELSEWHERE,
        AFRESH,
        NO
    }

    private static final int MOST_ENDPOINTS = 5;

    private final ClusterLoad.Share load;
    private final RetryLimit limit;
    private int endpoints = 1;
    private int places;
    private boolean repeated;

    Failover(ClusterLoad.Share load, RetryLimit limit) {
        this.load = load;
        this.limit = limit;
    }

    /** @param replayable whether all of the request is still at hand */
    Way after(Lost why, RequestHead head, boolean replayable) {
        if (!replayable) {
            return Way.NO;
        }
        return switch (why) {
            case CONNECT_FAILED -> endpoints++ < MOST_ENDPOINTS ? Way.ELSEWHERE : Way.NO;
            case REFUSED -> once(true);
            case CLOSED_WHEN_REUSED -> once(SafeToRepeat.idempotent(head.method()));
            case RESET, TRY_TIMEOUT, OVERFLOW, NO_ENDPOINT -> Way.NO;
        };
    }

    private Way once(boolean safe) {
        if (!safe || repeated) {
            return Way.NO;
        }
        repeated = true;
        return Way.AFRESH;
    }

    /** False when the cluster has too many retries under way, and its operator said how many that is. */
    boolean take() {
        if (!limit.countsFailover()) {
            return true;
        }
        if (!load.admitRetry(limit)) {
            return false;
        }
        places++;
        return true;
    }

    void close() {
        load.retries().addAndGet(-places);
        places = 0;
    }
}
