package dev.perimeter.proxy.exchange;

import dev.perimeter.proxy.tcp.ConnectionMeter;
import dev.perimeter.proxy.upstream.LazyTimer;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The two limits a route may set: on the time from the end of the request to the end of the response, and on silence in
 * either direction. Silence of the client's side alone is the codec's business.
 */
final class ExchangeTimer {

    enum Verdict {
        TIMED_OUT,
        SILENT,
        NOT_YET
    }

    private static final long NEVER = Long.MAX_VALUE;

    private final LazyTimer timer;
    private final LongSupplier clock;
    private @Nullable ConnectionMeter meter;
    private long timeoutNanos;
    private long idleNanos;
    private long requestEndedAt = NEVER;
    private long deadline = NEVER;
    private long lastMove;

    /** @param timer of the connection, used by one exchange at a time */
    ExchangeTimer(LazyTimer timer, LongSupplier clock, long started) {
        this.timer = timer;
        this.clock = clock;
        this.lastMove = started;
    }

    /** Zero means none. */
    void timeout(Duration timeout) {
        timeoutNanos = timeout.toNanos();
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
        return deadline;
    }

    long timeoutMillis() {
        return timeoutNanos / 1_000_000;
    }

    long idleMillis() {
        return idleNanos / 1_000_000;
    }

    /** To be asked when the timer rang; what moved meanwhile may have put the end off. */
    Verdict expired() {
        long now = clock.getAsLong();
        if (now >= deadline) {
            return Verdict.TIMED_OUT;
        }
        if (idleNanos > 0 && now >= lastMove() + idleNanos) {
            return Verdict.SILENT;
        }
        arm();
        return Verdict.NOT_YET;
    }

    private void arm() {
        if (timeoutNanos > 0 && requestEndedAt != NEVER) {
            deadline = requestEndedAt + timeoutNanos;
        }
        long silent = idleNanos == 0 ? NEVER : lastMove() + idleNanos;
        timer.at(Math.min(silent, deadline));
    }
}
