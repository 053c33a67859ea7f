package dev.perimeter.proxy.overload;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one event loop in the order of what they hold, for the moment at which some of them have to go (Envoy:
 * reset_high_memory_stream). Streams from a least size on stand in eight classes, each for twice as much as the one
 * before. The more memory is short, the more classes are reset, the largest first and only so many at a time: memory that
 * comes free with the first may save the others. Belongs to its event loop.
 */
public final class StreamAccounts {

    static final int CLASSES = 8;

    /** Envoy's number; the next look comes soon. */
    static final int MOST_AT_ONCE = 50;

    private final int leastPower;
    private @Nullable StreamAccount first;

    /** @param leastPower streams that hold less than 2 to this power are left alone */
    public StreamAccounts(int leastPower) {
        this.leastPower = leastPower;
    }

    public void add(StreamAccount account) {
        account.previous = null;
        account.following = first;
        if (first != null) {
            first.previous = account;
        }
        first = account;
    }

    public void remove(StreamAccount account) {
        StreamAccount before = account.previous;
        StreamAccount behind = account.following;
        if (before != null) {
            before.following = behind;
        } else if (first == account) {
            first = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        account.previous = null;
        account.following = null;
    }

    /**
     * Resets the largest streams.
     *
     * @param force above 0, which reaches the largest class, up to 1, which reaches all of them
     * @return how many were reset
     */
    int reset(double force) {
        int lowest = CLASSES - Math.min(CLASSES, (int) (force * CLASSES) + 1);
        List<Deque<StreamAccount>> classes = Stream.generate(
                        () -> (Deque<StreamAccount>) new ArrayDeque<StreamAccount>())
                .limit(CLASSES)
                .toList();
        for (StreamAccount each = first; each != null; each = each.following) {
            int size = sizeClass(each.bufferedBytes());
            if (size >= lowest) {
                classes.get(size).add(each);
            }
        }
        int reset = 0;
        for (int size = CLASSES - 1; size >= lowest; size--) {
            for (StreamAccount each : classes.get(size)) {
                if (reset == MOST_AT_ONCE) {
                    return reset;
                }
                // Ending one may have ended another, as on the way through a tunnel.
                if (sizeClass(each.bufferedBytes()) >= lowest) {
                    each.reset();
                    reset++;
                }
            }
        }
        return reset;
    }

    /** -1 for what is too small to be looked at. */
    private int sizeClass(long bytes) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes);
        return power < leastPower ? -1 : Math.min(CLASSES - 1, power - leastPower);
    }
}
