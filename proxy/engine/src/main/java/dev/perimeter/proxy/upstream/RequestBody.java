package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.retry.Replay;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of one request on its way to the attempts that run: at the pace of the slowest, and kept for those to come as
 * long as there may be some.
 */
final class RequestBody {

    private final Attempts attempts;
    private final Downstream downstream;
    private final long limit;
    private @Nullable Replay replay;
    private @Nullable BodyTap tap;
    private boolean keeps;
    private boolean began;
    private boolean ended;
    private boolean answered;

    /** @param limit most bytes to keep */
    RequestBody(Attempts attempts, Downstream downstream, long limit) {
        this.attempts = attempts;
        this.downstream = downstream;
        this.limit = limit;
    }

    void tap(BodyTap sees) {
        tap = sees;
    }

    /** Another attempt may need it. */
    void keep() {
        if (replay == null && !began) {
            keeps = true;
            replay = new Replay(limit);
        }
    }

    /** The head of this attempt is out: it gets what came so far. */
    void opened(Attempt attempt) {
        Replay soFar = replay;
        if (soFar != null && soFar.isWhole()) {
            if (!keeps && !attempt.isShared()) {
                replay = null;
            }
            soFar.sendTo(attempt.stream());
            if (soFar != replay) {
                soFar.release();
            }
        } else if (attempt.isShared()) {
            // Such a connection can be wound up while requests are on it, and say that it did not look at them.
            keep();
        }
        pace();
    }

    /** Takes ownership. What comes while nobody takes it is kept for whoever will. */
    void data(ByteBuf data, boolean endOfStream) {
        boolean open = attempts.anyOpen();
        if (!open && replay == null) {
            // A filter that held the body back gives it away at once.
            replay = new Replay(limit);
        }
        began = true;
        ended = endOfStream;
        if (tap != null) {
            tap.data(data, endOfStream);
        }
        if (replay != null && !answered) {
            replay.add(data, endOfStream, open);
        }
        attempts.send(data, endOfStream);
    }

    void trailers(Headers trailers) {
        began = true;
        ended = true;
        if (tap != null) {
            tap.trailers(trailers);
        }
        if (replay == null && !attempts.anyOpen()) {
            replay = new Replay(limit);
        }
        if (replay != null) {
            replay.add(trailers);
        }
        attempts.send(trailers);
    }

    /** Lets the client send or makes it wait, after the slowest of those it sends to. */
    void pace() {
        if (!ended) {
            downstream.upstreamTakesData(attempts.takeData());
        }
    }

    /** What comes from the client meanwhile has nowhere to go. */
    void waits() {
        if (!ended) {
            downstream.upstreamTakesData(false);
        }
    }

    /** There will be no other attempt. */
    void answered() {
        answered = true;
        if (replay != null) {
            replay.release();
        }
    }

    void close() {
        answered();
        if (tap != null) {
            tap.over();
        }
    }

    /** Whether all of it that came can be sent once more. */
    boolean isReplayable() {
        return !began || replay != null && replay.isWhole();
    }

    /** What is kept, or waits for the upstream: mostly the same bytes. */
    long bufferedBytes() {
        return Math.max(replay == null ? 0 : replay.bytes(), attempts.bufferedBytes());
    }

    boolean isEnded() {
        return ended;
    }
}
