package dev.perimeter.proxy.filter.chain;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands at one filter of a lane: the part the filter waits with, and what came after it. */
final class Stop<H> {

    /** Why a part stands here. */
    enum Mode {
        /** Nothing does. */
        FREE,
        /** The filter answered LATER. */
        LATER,
        /** The filter keeps the head back and takes what follows. */
        HOLD,
        /** The filter has more to make of this part. */
        MORE
    }

    Mode mode = Mode.FREE;

    @Nullable
    Part<H> part;

    /** What is behind is being handed to the filter just now. */
    boolean draining;

    private @Nullable Deque<Part<H>> behind;

    void stand(Part<H> standing, Mode why) {
        part = standing;
        mode = why;
    }

    Part<H> leave() {
        Part<H> leaving = part;
        if (leaving == null) {
            throw new IllegalStateException("nobody stands here");
        }
        part = null;
        mode = Mode.FREE;
        return leaving;
    }

    /** Whether the filter cannot be asked about something new. */
    boolean blocked() {
        return waits() || draining || hasBehind();
    }

    /** Whether the filter keeps the source from being read. */
    boolean waits() {
        return mode == Mode.LATER || mode == Mode.MORE;
    }

    boolean hasBehind() {
        return behind != null && !behind.isEmpty();
    }

    void queue(Part<H> next) {
        if (behind == null) {
            behind = new ArrayDeque<>();
        }
        behind.addLast(next);
    }

    /** To be asked only if there is something behind. */
    Part<H> next() {
        if (behind == null) {
            throw new IllegalStateException("nothing is behind");
        }
        return behind.removeFirst();
    }

    void clear() {
        if (part != null) {
            leave().release();
        }
        while (hasBehind()) {
            next().release();
        }
    }

    /** Of bodies, here and behind. */
    long bytes() {
        long bytes = bytes(part);
        if (behind != null) {
            for (Part<H> each : behind) {
                bytes += bytes(each);
            }
        }
        return bytes;
    }

    private static long bytes(@Nullable Part<?> part) {
        return part instanceof Part.Data<?>(ByteBuf data, boolean endOfStream) ? data.readableBytes() : 0;
    }

    /** @param last where parts stand behind the last filter, if any ever did */
    static <H> long bytes(List<Stop<H>> stops, @Nullable Stop<H> last) {
        long bytes = last == null ? 0 : last.bytes();
        for (int i = 0; i < stops.size(); i++) {
            bytes += stops.get(i).bytes();
        }
        return bytes;
    }

    /** @param last as in {@link #bytes(List, Stop)} */
    static <H> void clear(List<Stop<H>> stops, @Nullable Stop<H> last) {
        for (int i = 0; i < stops.size(); i++) {
            stops.get(i).clear();
        }
        if (last != null) {
            last.clear();
        }
    }

    static <H> boolean nobodyWaits(List<Stop<H>> stops) {
        for (int i = 0; i < stops.size(); i++) {
            if (stops.get(i).waits()) {
                return false;
            }
        }
        return true;
    }
}
