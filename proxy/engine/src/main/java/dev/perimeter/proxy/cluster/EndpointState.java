package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointSet.HealthStatus;
import dev.perimeter.proxy.cluster.health.EndpointOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one endpoint of one cluster beyond its config: its numbers, what checks say of it, whether it is
 * ejected. One object for the whole process, which lives on through config changes for as long as the endpoint is in the
 * cluster. Marks are set on the health thread and read by all loops.
 */
public final class EndpointState {

    /** Why an endpoint is held to be ill or half ill; several may hold at once (Envoy: Host::HealthFlag). */
    public enum Mark {
        FAILED_ACTIVE_HC,
        FAILED_OUTLIER_CHECK,
        DEGRADED_ACTIVE_HC,
        /** The last active check timed out; always with {@link #FAILED_ACTIVE_HC}. */
        ACTIVE_HC_TIMEOUT,
        /** New, and to be left out of every choice and count until its first check has come back. */
        PENDING_ACTIVE_HC;

        private final int bit = 1 << ordinal();
    }

    private static final int ILL = Mark.FAILED_ACTIVE_HC.bit | Mark.FAILED_OUTLIER_CHECK.bit;

    private final EndpointCounters[] loops;
    private volatile int marks;
    private volatile long slowStartBegan;
    private volatile @Nullable EndpointOutcome watcher;

    /** @param loops number of event loops */
    public EndpointState(int loops, long now) {
        this.loops = new EndpointCounters[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new EndpointCounters();
        }
        this.slowStartBegan = now;
    }

    /** The numbers that event loop {@code loop} writes. */
    public EndpointCounters on(int loop) {
        return loops[loop];
    }

    /** Counts how an attempt ended and tells who watches. To be called on loop {@code loop}. */
    public void answered(int loop, int status, long nanos) {
        loops[loop].answered(status);
        EndpointOutcome told = watcher;
        if (told != null) {
            told.answered(status, nanos);
        }
    }

    /** As {@link #answered} for an attempt without an answer. */
    public void failed(int loop, EndpointOutcome.LocalFailure why, long nanos) {
        loops[loop].failed(
                why == EndpointOutcome.LocalFailure.TIMEOUT || why == EndpointOutcome.LocalFailure.CONNECT_TIMEOUT);
        EndpointOutcome told = watcher;
        if (told != null) {
            told.failed(why, nanos);
        }
    }

    /** @param outcome told of every attempt from now on, or null */
    public void watch(@Nullable EndpointOutcome outcome) {
        watcher = outcome;
    }

    public boolean is(Mark mark) {
        return (marks & mark.bit) != 0;
    }

    /** On the health thread only. @return whether that changed anything */
    public boolean mark(Mark mark, boolean holds) {
        int before = marks;
        marks = holds ? before | mark.bit : before & ~mark.bit;
        return marks != before;
    }

    /** What follows from config and marks together; the worse one counts. */
    public Health health(HealthStatus status) {
        int held = marks;
        if (status.health() == Health.UNHEALTHY || (held & ILL) != 0) {
            return Health.UNHEALTHY;
        }
        return status.health() == Health.DEGRADED || (held & Mark.DEGRADED_ACTIVE_HC.bit) != 0
                ? Health.DEGRADED
                : Health.HEALTHY;
    }

    /** When it began to serve, or to serve again, in monotonic nanoseconds: slow start counts from there. */
    public long slowStartBegan() {
        return slowStartBegan;
    }

    public void slowStartBegan(long now) {
        slowStartBegan = now;
    }

    /** Requests in flight over all loops; a moment old at most. */
    public long active() {
        return sum(EndpointCounters.ACTIVE);
    }

    /** Nobody is connected, nor about to be. */
    boolean isUnused() {
        return sum(EndpointCounters.CONNECTIONS) == 0 && sum(EndpointCounters.ACTIVE) == 0;
    }

    /** May be asked on any thread. */
    public EndpointLoad load() {
        return new EndpointLoad(
                sum(EndpointCounters.REQUESTS),
                sum(EndpointCounters.ACTIVE),
                sum(EndpointCounters.CONNECTIONS),
                sum(EndpointCounters.CONNECT_FAILURES),
                sum(EndpointCounters.SUCCESSES),
                sum(EndpointCounters.ERRORS),
                sum(EndpointCounters.TIMEOUTS),
                sum(EndpointCounters.LOCAL_FAILURES));
    }

    private long sum(int cell) {
        long sum = 0;
        for (EndpointCounters counters : loops) {
            sum += counters.get(cell);
        }
        return sum;
    }
}
