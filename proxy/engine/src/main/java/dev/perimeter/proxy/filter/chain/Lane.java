package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Flow;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one exchange through its filters.
 *
 * <p>Implementation note: a part waits at its filter's {@link Stop} and what comes after it queues there, so order holds
 * whoever waits, injects or goes on. Stops are made when the first filter waits: the usual chain is a plain loop.
 */
abstract sealed class Lane<H> extends Direction<H> implements Flow permits RequestLane, ResponseLane {

    private final ChainEnd<H> end;
    private List<Stop<H>> stops = List.of();
    private @Nullable Stop<H> beforeEnd;
    private boolean endTakes = true;
    private boolean sourceStopped;
    private boolean closed;
    private int depth;

    Lane(ChainEnd<H> end) {
        this.end = end;
    }

    final void head(H head, boolean endOfStream) {
        if (!closed) {
            head(0, head, endOfStream);
        }
    }

    final void data(ByteBuf data, boolean endOfStream) {
        if (closed) {
            data.release();
        } else {
            data(0, data, endOfStream);
        }
    }

    final void trailers(Headers trailers) {
        if (!closed) {
            trailers(0, trailers);
        }
    }

    /** Whether the end takes data; what was held meanwhile goes first. Answers whether it still does afterwards. */
    final boolean endTakes(boolean takes) {
        endTakes = takes;
        if (takes && !closed && (beforeEnd != null || !stops.isEmpty())) {
            depth++;
            drainBeforeEnd();
            settle();
        }
        return endTakes;
    }

    @Override
    public final void resume(HttpFilter filter, Verdict verdict) {
        int at = stops.isEmpty() ? -1 : position(filter);
        if (closed || at < 0) {
            return;
        }
        Stop<H> stop = stops.get(at);
        if (stop.mode != Stop.Mode.LATER && stop.mode != Stop.Mode.HOLD) {
            return;
        }
        depth++;
        switch (stop.leave()) {
            case Part.Head<H>(H head, boolean endOfStream) -> {
                if (advanceHead(at, head, endOfStream, verdict)) {
                    head(at + 1, head, endOfStream);
                }
            }
            case Part.Data<H>(ByteBuf data, boolean endOfStream) -> {
                ByteBuf next = advanceData(at, data, endOfStream, verdict);
                if (next != null) {
                    data(at + 1, next, endOfStream);
                }
            }
            case Part.Trailers<H>(Headers trailers) -> {
                if (advanceTrailers(at, trailers, verdict)) {
                    trailers(at + 1, trailers);
                }
            }
        }
        drain(at, stop);
        settle();
    }

    @Override
    public final void inject(HttpFilter filter, ByteBuf data, boolean endOfStream) {
        if (closed) {
            data.release();
        } else {
            depth++;
            data(position(filter) + 1, data, endOfStream);
            settle();
        }
    }

    @Override
    public final void injectTrailers(HttpFilter filter, Headers trailers) {
        if (!closed) {
            depth++;
            trailers(position(filter) + 1, trailers);
            settle();
        }
    }

    @Override
    public final boolean takes(HttpFilter filter) {
        return takes(position(filter));
    }

    final long bufferedBytes() {
        return Stop.bytes(stops, beforeEnd);
    }

    /** The exchange is over in this direction; what is held is let go, what comes later too. */
    final void close() {
        closed = true;
        Stop.clear(stops, beforeEnd);
    }

    private int position(HttpFilter filter) {
        for (int i = 0; i < filters(); i++) {
            if (filter(i) == filter) {
                return i;
            }
        }
        throw new IllegalArgumentException("not a filter of this exchange: " + filter);
    }

    private boolean takes(int position) {
        for (int i = position + 1; i < stops.size(); i++) {
            if (stops.get(i).blocked()) {
                return false;
            }
        }
        return !closed && endTakes && (beforeEnd == null || !beforeEnd.hasBehind());
    }

    private void head(int from, H head, boolean endOfStream) {
        for (int i = from; i < filters(); i++) {
            Verdict verdict = onHead(i, head, endOfStream);
            if ((verdict != Verdict.NEXT || closed) && !advanceHead(i, head, endOfStream, verdict)) {
                return;
            }
        }
        Failure failure = withoutForward();
        if (failure == null) {
            end.head(head, endOfStream);
        } else {
            end.failed(failure);
        }
    }

    private void data(int from, ByteBuf data, boolean endOfStream) {
        ByteBuf part = data;
        for (int i = from; i < filters(); i++) {
            if (!stops.isEmpty() && stops.get(i).blocked()) {
                stops.get(i).queue(new Part.Data<>(part, endOfStream));
                return;
            }
            Verdict verdict = onData(i, part, endOfStream);
            if (verdict != Verdict.NEXT || closed) {
                ByteBuf next = advanceData(i, part, endOfStream, verdict);
                if (next == null) {
                    return;
                }
                part = next;
            }
        }
        if (mustWaitBeforeEnd()) {
            beforeEnd().queue(new Part.Data<>(part, endOfStream));
        } else {
            end.data(part, endOfStream);
        }
    }

    private void trailers(int from, Headers trailers) {
        for (int i = from; i < filters(); i++) {
            if (!stops.isEmpty() && stops.get(i).blocked()) {
                stops.get(i).queue(new Part.Trailers<>(trailers));
                return;
            }
            Verdict verdict = onTrailers(i, trailers);
            if ((verdict != Verdict.NEXT || closed) && !advanceTrailers(i, trailers, verdict)) {
                return;
            }
        }
        if (mustWaitBeforeEnd()) {
            beforeEnd().queue(new Part.Trailers<>(trailers));
        } else {
            end.trailers(trailers);
        }
    }

    private boolean mustWaitBeforeEnd() {
        return queuesBeforeEnd() && (!endTakes || (beforeEnd != null && beforeEnd.blocked()));
    }

    private Stop<H> beforeEnd() {
        if (beforeEnd == null) {
            beforeEnd = new Stop<>();
        }
        return beforeEnd;
    }

    /** Whether the head goes on to the next filter. */
    private boolean advanceHead(int filter, H head, boolean endOfStream, Verdict verdict) {
        if (closed) {
            return false;
        }
        switch (verdict) {
            case Verdict.Next next -> {
                return true;
            }
            case Verdict.Forward forward -> end.head(head, endOfStream);
            case Verdict.Later later -> stand(filter, new Part.Head<>(head, endOfStream), Stop.Mode.LATER);
            case Verdict.Hold hold -> {
                stand(filter, new Part.Head<>(head, endOfStream), Stop.Mode.HOLD);
                end.wantsContent();
            }
            case Verdict.Reply reply -> ended(verdict);
            case Verdict.Answer answer -> ended(verdict);
            default -> throw new IllegalStateException(verdict + " is no answer to a head");
        }
        return false;
    }

    /** What goes on to the next filter, or null. */
    private @Nullable ByteBuf advanceData(int filter, ByteBuf data, boolean endOfStream, Verdict verdict) {
        switch (verdict) {
            case Verdict.Replace(ByteBuf other) -> {
                data.release();
                if (!closed) {
                    return other;
                }
                other.release();
            }
            case Verdict.More(ByteBuf other) -> more(filter, data, endOfStream, other);
            case Verdict.Later later -> stand(filter, new Part.Data<>(data, endOfStream), Stop.Mode.LATER);
            case Verdict.Hold hold -> throw new IllegalStateException("only a head can be held");
            case Verdict.Next next -> {
                return closed ? Part.released(data) : data;
            }
            case Verdict.Forward forward -> {
                return closed ? Part.released(data) : data;
            }
            default -> {
                data.release();
                ended(verdict);
            }
        }
        return null;
    }

    /** Whether the trailers go on to the next filter. */
    private boolean advanceTrailers(int filter, Headers trailers, Verdict verdict) {
        if (closed) {
            return false;
        }
        switch (verdict) {
            case Verdict.Next next -> {
                return true;
            }
            case Verdict.Later later -> stand(filter, new Part.Trailers<>(trailers), Stop.Mode.LATER);
            default -> ended(verdict);
        }
        return false;
    }

    private void ended(Verdict verdict) {
        switch (verdict) {
            case Verdict.Nothing nothing -> {}
            case Verdict ignored when closed -> {}
            case Verdict.Reply(Failure.Refused failure) -> {
                close();
                end.failed(failure);
            }
            case Verdict.Answer answer -> {
                close();
                end.answered(answer.head(), answer.details());
            }
            default -> throw new IllegalStateException(verdict + " is no answer to this");
        }
    }

    /** Goes on with what the filter made of a part so far, and asks it again while that is taken. */
    private void more(int filter, ByteBuf data, boolean endOfStream, ByteBuf made) {
        if (closed) {
            made.release();
        } else {
            data(filter + 1, made, false);
        }
        while (takes(filter)) {
            Verdict verdict = onData(filter, data, endOfStream);
            if (!(verdict instanceof Verdict.More(ByteBuf next))) {
                ByteBuf last = advanceData(filter, data, endOfStream, verdict);
                if (last != null) {
                    data(filter + 1, last, endOfStream);
                }
                return;
            }
            data(filter + 1, next, false);
        }
        stand(filter, new Part.Data<>(data, endOfStream), Stop.Mode.MORE);
    }

    private void stand(int filter, Part<H> part, Stop.Mode mode) {
        if (closed) {
            part.release();
            return;
        }
        if (stops.isEmpty()) {
            stops = new ArrayList<>(filters());
            for (int i = 0; i < filters(); i++) {
                stops.add(new Stop<>());
            }
        }
        stops.get(filter).stand(part, mode);
        if (mode != Stop.Mode.HOLD && !sourceStopped) {
            sourceStopped = true;
            end.waiting(true);
        }
    }

    /** Hands what queued at a filter to it, until it waits again. */
    private void drain(int at, Stop<H> stop) {
        if (stop.draining) {
            return;
        }
        stop.draining = true;
        while (!closed && !stop.waits() && stop.hasBehind()) {
            ask(at, stop.next());
        }
        stop.draining = false;
    }

    private void ask(int at, Part<H> part) {
        switch (part) {
            case Part.Head<H> head -> throw new IllegalStateException("nothing comes before a head");
            case Part.Data<H>(ByteBuf data, boolean endOfStream) -> {
                ByteBuf next = advanceData(at, data, endOfStream, onData(at, data, endOfStream));
                if (next != null) {
                    data(at + 1, next, endOfStream);
                }
            }
            case Part.Trailers<H>(Headers trailers) -> {
                if (advanceTrailers(at, trailers, onTrailers(at, trailers))) {
                    trailers(at + 1, trailers);
                }
            }
        }
    }

    private void drainBeforeEnd() {
        Stop<H> stop = beforeEnd;
        if (stop == null || stop.draining) {
            return;
        }
        stop.draining = true;
        while (!closed && endTakes && stop.hasBehind()) {
            switch (stop.next()) {
                case Part.Head<H> head -> throw new IllegalStateException("a head never waits here");
                case Part.Data<H>(ByteBuf data, boolean endOfStream) -> end.data(data, endOfStream);
                case Part.Trailers<H>(Headers trailers) -> end.trailers(trailers);
            }
        }
        stop.draining = false;
    }

    /** The end of each call that may have made room: whoever waits for room is asked, then the source goes on. */
    private void settle() {
        if (depth == 1) {
            for (int i = stops.size() - 1; i >= 0; i--) {
                Stop<H> stop = stops.get(i);
                if (!closed && stop.mode == Stop.Mode.MORE && takes(i)) {
                    ask(i, stop.leave());
                    drain(i, stop);
                }
            }
            if (sourceStopped && !closed && Stop.nobodyWaits(stops)) {
                sourceStopped = false;
                end.waiting(false);
            }
        }
        depth--;
    }
}
