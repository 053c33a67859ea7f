package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.balance.hash.HashFunction;
import dev.perimeter.proxy.cluster.Host;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing on a ring (Envoy: RING_HASH, "ketama"): each host has places on it, by its weight; a request belongs
 * to the next place after its hash. A host that leaves gives its requests to its neighbours and no others move. O(log n).
 *
 * <p>Implementation note: an ill host keeps its places and is passed over, which puts its requests exactly where a ring
 * without it would, and needs no ring to be built when health changes. Places are made as Envoy makes them, so that the
 * same keys go to the same endpoints from both.
 *
 * @param minimumSize the ring has at least that many places, 1 to 8 Mi
 * @param maximumSize and at most that many; at least minimumSize
 * @param byHostname whether hosts are placed by name instead of address (Envoy: use_hostname_for_hashing)
 */
public record RingHash(int minimumSize, int maximumSize, HashFunction function, boolean byHostname)
        implements BalancerKind {

    public static final int LARGEST = 8 * 1024 * 1024;

    public static final RingHash DEFAULTS = new RingHash(1024, LARGEST, HashFunction.XX_HASH, false);

    @Override
    public String name() {
        return "RING_HASH";
    }

    @Override
    public boolean keepsPlaces() {
        return true;
    }

    @Override
    public Policy prepare(Candidates candidates) {
        Ring ring = ring(candidates);
        return (random, clock) -> (wanted, tier) -> {
            Long hash = wanted.hash();
            return ring.pick(hash == null ? random.nextLong() : hash, wanted, tier);
        };
    }

    private Ring ring(Candidates candidates) {
        double sum = 0;
        double lightest = Double.MAX_VALUE;
        for (int i = 0; i < candidates.size(); i++) {
            sum += candidates.weight(i);
            lightest = Math.min(lightest, candidates.weight(i));
        }
        // The lightest host gets a whole number of places, and all together the size that was asked for.
        double least = lightest / sum;
        double scale = Math.min(Math.ceil(least * minimumSize) / least, maximumSize);
        long[] places = new long[candidates.size() == 0 ? 0 : (int) Math.ceil(scale)];
        int[] owners = new int[places.length];
        int count = 0;
        double target = 0;
        for (int i = 0; i < candidates.size(); i++) {
            String key = HostKey.of(candidates.host(i).endpoint(), byHostname) + "_";
            target += scale * candidates.weight(i) / sum;
            for (int place = 0; count < target && count < places.length; place++) {
                places[count] = function.hash(key + place);
                owners[count] = i;
                count++;
            }
        }
        return Ring.of(Arrays.copyOf(places, count), owners, candidates);
    }

    /** Places in the order of their hashes, which are kept with the top bit turned so that signed order is the unsigned. */
    private record Ring(long[] places, int[] owners, Candidates candidates) {

        static Ring of(long[] hashes, int[] owners, Candidates candidates) {
            long[] sorted = new long[hashes.length];
            for (int i = 0; i < sorted.length; i++) {
                sorted[i] = hashes[i] ^ Long.MIN_VALUE;
            }
            Arrays.sort(sorted);
            int[] sortedOwners = new int[sorted.length];
            for (int i = 0; i < hashes.length; i++) {
                sortedOwners[Arrays.binarySearch(sorted, hashes[i] ^ Long.MIN_VALUE)] = owners[i];
            }
            return new Ring(sorted, sortedOwners, candidates);
        }

        @Nullable
        Host pick(long hash, Pick wanted, Tier tier) {
            int found = Arrays.binarySearch(places, hash ^ Long.MIN_VALUE);
            int start = found >= 0 ? found : -found - 1;
            for (int i = 0; i < places.length; i++) {
                int at = start + i;
                Host host = candidates.host(owners[at < places.length ? at : at - places.length]);
                if (tier.takes(host, wanted)) {
                    return host;
                }
            }
            return null;
        }
    }
}
