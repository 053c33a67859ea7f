package dev.perimeter.proxy.upstream;

import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The attempts of a request that are under way: one, but for hedging. Linked through themselves, so that one costs nothing. */
final class Attempts {

    private @Nullable Attempt first;

    void add(Attempt attempt) {
        attempt.next = first;
        first = attempt;
    }

    void remove(Attempt attempt) {
        if (first == attempt) {
            first = attempt.next;
            return;
        }
        for (Attempt before = first; before != null; before = before.next) {
            if (before.next == attempt) {
                before.next = attempt.next;
                return;
            }
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    Attempt first() {
        return first;
    }

    /** Ends all but this one, which stays; null ends all. */
    void cancelAllBut(@Nullable Attempt winner) {
        Attempt each = first;
        first = winner;
        while (each != null) {
            Attempt following = each.next;
            each.next = null;
            if (each != winner) {
                each.cancel();
            }
            each = following;
        }
    }

    boolean anyOpen() {
        for (Attempt each = first; each != null; each = each.next) {
            if (each.isOpen()) {
                return true;
            }
        }
        return false;
    }

    /** On their way to the upstreams and from them. */
    long bufferedBytes() {
        long bytes = 0;
        for (Attempt each = first; each != null; each = each.next) {
            bytes += each.isOpen() ? each.stream().bufferedBytes() : 0;
        }
        return bytes;
    }

    /** Whether a part of the body can go out now: somebody takes it, and nobody is behind. */
    boolean takeData() {
        boolean open = false;
        for (Attempt each = first; each != null; each = each.next) {
            if (each.isOpen()) {
                open = true;
                if (!each.isWritable()) {
                    return false;
                }
            }
        }
        return open;
    }

    /** Sends to each that is open; takes ownership. */
    void send(ByteBuf data, boolean endOfStream) {
        Attempt only = first;
        if (only != null && only.next == null && only.isOpen()) {
            only.stream().sendData(data, endOfStream);
            return;
        }
        for (Attempt each = first; each != null; ) {
            // Sending may end it, and with it the link.
            Attempt following = each.next;
            if (each.isOpen()) {
                each.stream().sendData(data.retainedDuplicate(), endOfStream);
            }
            each = following;
        }
        data.release();
    }

    void send(Headers trailers) {
        for (Attempt each = first; each != null; ) {
            Attempt following = each.next;
            if (each.isOpen()) {
                each.stream().sendTrailers(trailers);
            }
            each = following;
        }
    }
}
