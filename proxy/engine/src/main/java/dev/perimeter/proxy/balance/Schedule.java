package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Turns by weight, as an earliest-deadline-first queue: whoever is picked comes again after {@code 1 / weight}. Heavier
 * hosts come more often, but never in a burst, and a weight may change from turn to turn. O(log n) for each pick.
 *
 * <p>Implementation note: a binary heap over arrays, since a queue of objects would cost an allocation for each pick.
 * Equal deadlines are settled by the order of arrival.
 */
final class Schedule {

    /** Asked when a host has had its turn. */
    @FunctionalInterface
    interface Weight {
        double of(int index);
    }

    private static final int MOST_FIRST_TURNS = 64;

    private final Candidates candidates;
    private final Weight weight;
    private final RandomGenerator random;
    private final int[] heap;
    private final double[] deadlines;
    private final long[] arrivals;
    private long arrived;

    Schedule(Candidates candidates, Weight weight, RandomGenerator random) {
        this.candidates = candidates;
        this.weight = weight;
        this.random = random;
        int size = candidates.size();
        heap = new int[size];
        deadlines = new double[size];
        arrivals = new long[size];
        for (int i = 0; i < size; i++) {
            heap[i] = i;
            deadlines[i] = 1 / weight.of(i);
            arrivals[i] = arrived++;
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        // Loops and proxies that start at once must not all begin with the same host.
        int skipped = size == 0 ? 0 : random.nextInt(Math.min(size, MOST_FIRST_TURNS));
        for (int i = 0; i < skipped; i++) {
            turn();
        }
    }

    @Nullable
    Host pick(Pick wanted, Tier tier) {
        // A heavy host that may not be taken comes again and again; after some turns anyone will do.
        int turns = heap.length == 0 ? 0 : 4 + 2 * wanted.tried().size();
        for (int i = 0; i < turns; i++) {
            Host host = candidates.host(turn());
            if (tier.takes(host, wanted)) {
                return host;
            }
        }
        return candidates.any(wanted, tier, random);
    }

    private int turn() {
        int first = heap[0];
        deadlines[first] += 1 / weight.of(first);
        arrivals[first] = arrived++;
        sink(0);
        return first;
    }

    private void sink(int from) {
        int at = from;
        int moved = heap[at];
        while (true) {
            int child = 2 * at + 1;
            if (child >= heap.length) {
                break;
            }
            if (child + 1 < heap.length && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], moved)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moved;
    }

    private boolean before(int a, int b) {
        return deadlines[a] < deadlines[b] || (deadlines[a] == deadlines[b] && arrivals[a] < arrivals[b]);
    }
}
