package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthCheck.Intervals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The active checks of one endpoint, one after the other, and what follows for its marks. One for the whole process; on
 * the health thread.
 */
final class EndpointChecker {

    /** Learns what the checks say. On the health thread. */
    interface Owner {

        /** @param changed whether the endpoint's marks did */
        void checked(EndpointChecker checker, Finding finding, boolean changed);

        /** Whether the cluster was ever asked to serve. */
        boolean hasTraffic();
    }

    private final HealthCheck config;
    private final EndpointState state;
    private final Prober.Session session;
    private final HealthThread thread;
    private final RandomGenerator random;
    private final Owner owner;
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private HealthThread.@Nullable Appointment next;
    private int failures;
    private int successes;
    private boolean stopped;

    EndpointChecker(
            HealthCheck config,
            EndpointState state,
            Prober.Session session,
            HealthThread thread,
            RandomGenerator random,
            Owner owner) {
        this.config = config;
        this.state = state;
        this.session = session;
        this.thread = thread;
        this.random = random;
        this.owner = owner;
    }

    /**
     * Until its first check says otherwise a new endpoint is ill, as in Envoy; one that serves already is what it was.
     *
     * @param excluded whether a new endpoint is not even asked in panic
     */
    void start(boolean fresh, boolean excluded) {
        if (fresh) {
            state.mark(Mark.FAILED_ACTIVE_HC, true);
            state.mark(Mark.PENDING_ACTIVE_HC, excluded);
        }
        long jitter = config.intervals().initialJitter().toNanos();
        if (jitter == 0) {
            ask();
        } else {
            next = thread.after(random.nextLong(jitter), this::ask);
        }
    }

    /** The endpoint, or its check, is no more. The marks of checks go with it. */
    void stop() {
        giveWay();
        for (Mark mark : new Mark[] {
            Mark.FAILED_ACTIVE_HC, Mark.DEGRADED_ACTIVE_HC, Mark.ACTIVE_HC_TIMEOUT, Mark.PENDING_ACTIVE_HC
        }) {
            state.mark(mark, false);
        }
    }

    /** Another check takes its place, and goes on from what is known. */
    void giveWay() {
        stopped = true;
        if (next != null) {
            next.cancel();
        }
        session.close();
        first.complete(null);
    }

    EndpointState state() {
        return state;
    }

    /** Completes when the first check has come back. */
    CompletableFuture<Void> first() {
        return first;
    }

    private void ask() {
        next = null;
        session.ask(finding -> thread.execute(() -> answered(finding)));
    }

    private void answered(Finding finding) {
        if (stopped) {
            return;
        }
        boolean before = state.is(Mark.FAILED_ACTIVE_HC);
        boolean initial = !first.isDone();
        boolean changed = state.mark(Mark.PENDING_ACTIVE_HC, false);
        changed |= finding.isSuccess() ? succeeded(finding, initial) : failed(finding);
        owner.checked(this, finding, changed);
        first.complete(null);
        boolean ill = state.is(Mark.FAILED_ACTIVE_HC);
        next = thread.after(interval(ill, ill != before && !initial).toNanos(), this::ask);
    }

    private boolean succeeded(Finding finding, boolean initial) {
        failures = 0;
        boolean changed = state.mark(Mark.DEGRADED_ACTIVE_HC, finding == Finding.DEGRADED);
        state.mark(Mark.ACTIVE_HC_TIMEOUT, false);
        successes++;
        if (state.is(Mark.FAILED_ACTIVE_HC) && (initial || successes >= config.healthyThreshold())) {
            successes = 0;
            changed |= state.mark(Mark.FAILED_ACTIVE_HC, false);
        }
        return changed;
    }

    private boolean failed(Finding finding) {
        successes = 0;
        failures++;
        state.mark(Mark.ACTIVE_HC_TIMEOUT, finding == Finding.TIMEOUT);
        boolean atOnce = finding == Finding.UNHEALTHY;
        return (atOnce || failures >= config.unhealthyThreshold()) && state.mark(Mark.FAILED_ACTIVE_HC, true);
    }

    private Duration interval(boolean ill, boolean edge) {
        Intervals intervals = config.intervals();
        Duration base;
        if (!owner.hasTraffic()) {
            base = ill ? intervals.noTraffic() : intervals.noTrafficHealthy();
        } else if (ill) {
            base = edge ? intervals.unhealthyEdge() : intervals.unhealthy();
        } else {
            base = edge ? intervals.healthyEdge() : intervals.interval();
        }
        long jitter = intervals.jitter().toNanos() + base.dividedBy(100).toNanos() * intervals.jitterPercent();
        return jitter == 0 ? base : base.plusNanos(random.nextLong(jitter));
    }
}
