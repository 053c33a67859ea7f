package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import java.util.function.LongSupplier;

/** All that a request with a retry policy waits for: the time of each attempt, its silence, and the next retry. */
final class TryTimer {

    private final UpstreamRequest request;
    private final LongSupplier clock;
    private final LazyTimer timer;
    private final long tryNanos;
    private final long idleNanos;
    private long retryAt = Attempt.NEVER;

    TryTimer(Upstreams upstreams, UpstreamRequest request, RetryPolicy policy) {
        this.request = request;
        this.clock = upstreams.clock();
        this.timer = new LazyTimer(upstreams.loop(), clock, this::rang);
        this.tryNanos = policy.perTryTimeout().toNanos();
        this.idleNanos = policy.perTryIdleTimeout().toNanos();
    }

    /** The time of an attempt counts from its start, but not before the request is complete. */
    void began(Attempt attempt, boolean requestEnded) {
        if (requestEnded) {
            limit(attempt, clock.getAsLong());
            arm();
        }
    }

    void requestEnded(Attempts running) {
        long now = clock.getAsLong();
        for (Attempt each = running.first(); each != null; each = each.next) {
            limit(each, now);
        }
        arm();
    }

    private void limit(Attempt attempt, long now) {
        attempt.heard(now);
        if (tryNanos > 0) {
            attempt.deadline(now + tryNanos);
        }
    }

    void heard(Attempt attempt) {
        if (idleNanos > 0) {
            attempt.heard(clock.getAsLong());
        }
    }

    /** Its answer goes to the client: only silence ends it now. */
    void answered(Attempt attempt) {
        attempt.deadline(Attempt.NEVER);
        retryAt = Attempt.NEVER;
        arm();
    }

    void retryAt(long moment) {
        retryAt = moment;
        arm();
    }

    boolean isRetryPending() {
        return retryAt != Attempt.NEVER;
    }

    void cancel() {
        retryAt = Attempt.NEVER;
        timer.cancel();
    }

    private void arm() {
        long next = retryAt;
        for (Attempt each = request.running().first(); each != null; each = each.next) {
            next = Math.min(next, Math.min(each.deadline(), silentAt(each)));
        }
        timer.at(next);
    }

    private long silentAt(Attempt attempt) {
        return idleNanos == 0 || attempt.heard() == Attempt.NEVER ? Attempt.NEVER : attempt.heard() + idleNanos;
    }

    private void rang() {
        long now = clock.getAsLong();
        if (retryAt <= now) {
            retryAt = Attempt.NEVER;
            request.retry();
        }
        for (Attempt each = request.running().first(); each != null; ) {
            Attempt following = each.next;
            if (each.deadline() <= now) {
                request.tryTimedOut(each, false);
            } else if (silentAt(each) <= now) {
                request.tryTimedOut(each, true);
            }
            each = following;
        }
        arm();
    }
}
