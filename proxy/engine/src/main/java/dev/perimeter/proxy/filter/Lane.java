package dev.perimeter.proxy.filter;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one exchange through its filters. While a filter waits, what arrives behind is held in order; the
 * source is told to stop, so little does. The usual case, no filter waits, allocates nothing for a part.
 */
abstract sealed class Lane<H> permits RequestLane, ResponseLane {

    private sealed interface Part<H> {
        record Head<H>(H head, boolean endOfStream) implements Part<H> {}

        record Data<H>(ByteBuf data, boolean endOfStream) implements Part<H> {}

        record Trailers<H>(Headers trailers) implements Part<H> {}
    }

    private final ChainEnd<H> end;
    private @Nullable Deque<Part<H>> held;
    private @Nullable Part<H> waiting;
    private int waitingAt;
    private boolean closed;

    Lane(ChainEnd<H> end) {
        this.end = end;
    }

    abstract int filters();

    abstract Verdict onHead(int filter, H head, boolean endOfStream);

    abstract Verdict onData(int filter, ByteBuf data, boolean endOfStream);

    abstract Verdict onTrailers(int filter, Headers trailers);

    /** The head came through all filters and none asked to forward it: a failure for a request, usual for a response. */
    abstract @Nullable Failure withoutForward();

    final void head(H head, boolean endOfStream) {
        head(0, head, endOfStream);
    }

    final void data(ByteBuf data, boolean endOfStream) {
        if (closed) {
            data.release();
        } else if (waiting != null) {
            hold(new Part.Data<>(data, endOfStream));
        } else {
            data(0, data, endOfStream);
        }
    }

    final void trailers(Headers trailers) {
        if (waiting != null) {
            hold(new Part.Trailers<>(trailers));
        } else if (!closed) {
            trailers(0, trailers);
        }
    }

    final void resume(Verdict verdict) {
        Part<H> part = waiting;
        if (part == null) {
            return;
        }
        waiting = null;
        if (advance(waitingAt, part, verdict)) {
            go(waitingAt + 1, part);
        } else if (verdict instanceof Verdict.Forward) {
            go(filters(), part);
        }
        while (waiting == null && held != null && !held.isEmpty()) {
            go(0, held.removeFirst());
        }
        if (waiting == null && !closed) {
            end.waiting(false);
        }
    }

    /** The exchange is over in this direction; what is held is let go, what comes later too. */
    final void close() {
        closed = true;
        if (waiting instanceof Part.Data<H>(ByteBuf data, boolean endOfStream)) {
            data.release();
        }
        waiting = null;
        while (held != null && !held.isEmpty()) {
            if (held.removeFirst() instanceof Part.Data<H>(ByteBuf data, boolean endOfStream)) {
                data.release();
            }
        }
    }

    private void hold(Part<H> part) {
        if (held == null) {
            held = new ArrayDeque<>();
        }
        held.addLast(part);
    }

    private void go(int from, Part<H> part) {
        switch (part) {
            case Part.Head<H>(H head, boolean endOfStream) -> head(from, head, endOfStream);
            case Part.Data<H>(ByteBuf data, boolean endOfStream) -> data(from, data, endOfStream);
            case Part.Trailers<H>(Headers trailers) -> trailers(from, trailers);
        }
    }

    private void head(int from, H head, boolean endOfStream) {
        for (int i = from; i < filters(); i++) {
            Verdict verdict = onHead(i, head, endOfStream);
            if (verdict == Verdict.FORWARD) {
                end.head(head, endOfStream);
                return;
            }
            if (verdict != Verdict.NEXT && !advance(i, new Part.Head<>(head, endOfStream), verdict)) {
                return;
            }
        }
        Failure failure = from == filters() ? null : withoutForward();
        if (failure == null) {
            end.head(head, endOfStream);
        } else {
            end.failed(failure);
        }
    }

    private void data(int from, ByteBuf data, boolean endOfStream) {
        for (int i = from; i < filters(); i++) {
            Verdict verdict = onData(i, data, endOfStream);
            if (verdict != Verdict.NEXT && !advance(i, new Part.Data<>(data, endOfStream), verdict)) {
                return;
            }
        }
        end.data(data, endOfStream);
    }

    private void trailers(int from, Headers trailers) {
        for (int i = from; i < filters(); i++) {
            Verdict verdict = onTrailers(i, trailers);
            if (verdict != Verdict.NEXT && !advance(i, new Part.Trailers<>(trailers), verdict)) {
                return;
            }
        }
        end.trailers(trailers);
    }

    /** Whether the part goes on to the next filter. */
    private boolean advance(int filter, Part<H> part, Verdict verdict) {
        switch (verdict) {
            case Verdict.Next next -> {
                return true;
            }
            case Verdict.Forward forward -> {
                return !(part instanceof Part.Head);
            }
            case Verdict.Later later -> {
                waiting = part;
                waitingAt = filter;
                end.waiting(true);
            }
            case Verdict.Reply(Failure.Refused failure) -> {
                if (part instanceof Part.Data<H>(ByteBuf data, boolean endOfStream)) {
                    data.release();
                }
                close();
                end.failed(failure);
            }
        }
        return false;
    }
}
