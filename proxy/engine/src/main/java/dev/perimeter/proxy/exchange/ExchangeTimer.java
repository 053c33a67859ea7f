package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.tcp.ConnectionMeter;
import dev.perimeter.proxy.upstream.time.LazyTimer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits on an exchange: on the time from the end of the request to the end of the response, on the time of a gRPC
 * call and of the whole stream, which count from the first byte, and on silence in either direction. Silence of the
 * client's side alone is the codec's business.
 */
final class ExchangeTimer {

    enum Verdict {
        TIMED_OUT,
        /** The stream lived as long as any may. */
        TOO_LONG,
        SILENT,
        NOT_YET
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final LazyTimer timer;
    private final LongSupplier clock;
    private @Nullable ConnectionMeter meter;
    private final long started;
    private long timeoutNanos;
    private long idleNanos;
    private long requestEndedAt = NEVER;
    private long routeDeadline = NEVER;
    private long callDeadline = NEVER;
    private long streamDeadline = NEVER;
    private long lastMove;

    /** @param timer of the connection, used by one exchange at a time */
    ExchangeTimer(LazyTimer timer, LongSupplier clock, long started) {
        this.timer = timer;
        this.clock = clock;
        this.started = started;
        this.lastMove = started;
    }

    /** Zero means none. */
    void timeout(Duration timeout) {
        timeoutNanos = timeout.toNanos();
        arm();
    }

    /** From the beginning of the exchange: what a gRPC client allows. Zero means none. */
    void callTimeout(long nanos) {
        callDeadline = nanos == 0 ? NEVER : started + nanos;
        arm();
    }

    /** From the beginning of the exchange to its end. Zero means none. */
    void maxStream(long nanos) {
        streamDeadline = nanos == 0 ? NEVER : started + nanos;
        arm();
    }

    /** Zero means none. */
    void idle(Duration idle) {
        idleNanos = idle.toNanos();
        arm();
    }

    /** The last byte of the request was the last thing that moved. */
    void requestEnded() {
        requestEndedAt = lastMove;
        arm();
    }

    void watch(ConnectionMeter bytes) {
        meter = bytes;
        arm();
    }

    void moved() {
        lastMove = clock.getAsLong();
    }

    long lastMove() {
        return meter == null ? lastMove : meter.lastMove();
    }

    /** In nanoseconds of the clock; {@code Long.MAX_VALUE} for never. */
    long deadline() {
        return Math.min(routeDeadline, Math.min(callDeadline, streamDeadline));
    }

    /** As {@link dev.perimeter.proxy.upstream.Downstream#remainingNanos()}. */
    long remainingNanos() {
        long end = deadline();
        boolean routeToCome = timeoutNanos > 0 && routeDeadline == NEVER;
        if (end == NEVER) {
            return routeToCome ? timeoutNanos : NEVER;
        }
        long left = Math.max(1, end - clock.getAsLong());
        return routeToCome ? Math.min(timeoutNanos, left) : left;
    }

    /** How long it was waited, in the case of {@link Verdict#TIMED_OUT} or {@link Verdict#TOO_LONG}. */
    long elapsedMillis() {
        return (clock.getAsLong() - started) / 1_000_000;
    }

    long idleMillis() {
        return idleNanos / 1_000_000;
    }

    /** To be asked when the timer rang; what moved meanwhile may have put the end off. */
    Verdict expired() {
        long now = clock.getAsLong();
        if (now >= routeDeadline || now >= callDeadline) {
            return Verdict.TIMED_OUT;
        }
        if (now >= streamDeadline) {
            return Verdict.TOO_LONG;
        }
        if (idleNanos > 0 && now >= lastMove() + idleNanos) {
            return Verdict.SILENT;
        }
        arm();
        return Verdict.NOT_YET;
    }

    private void arm() {
        if (timeoutNanos > 0 && requestEndedAt != NEVER) {
            routeDeadline = requestEndedAt + timeoutNanos;
        }
        long silent = idleNanos == 0 ? NEVER : lastMove() + idleNanos;
        timer.at(Math.min(silent, deadline()));
    }
}
