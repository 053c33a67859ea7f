package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.balance.hash.XxHash64;
import dev.perimeter.proxy.cluster.Host;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing by a table (Envoy: MAGLEV; D. Eisenbud et al., "Maglev: A Fast and Reliable Software Network Load
 * Balancer", section 3.4): hosts take turns to claim the slots they like best, heavier ones more often. Spreads more
 * evenly than a ring and picks in O(1); when a host leaves, some few requests of others move, too.
 *
 * <p>Implementation note: an ill host keeps its slots, and its requests are hashed again until a slot of a well one is
 * met. So they spread over all others, nobody else's move, and no table is built when health changes.
 *
 * @param tableSize a prime number, at most 5,000,011
 * @param byHostname whether hosts claim by name instead of address (Envoy: use_hostname_for_hashing)
 */
public record Maglev(int tableSize, boolean byHostname) implements BalancerKind {

    public static final int LARGEST = 5_000_011;

    public static final Maglev DEFAULTS = new Maglev(65_537, false);

    private static final int REHASHES = 16;

    @Override
    public String name() {
        return "MAGLEV";
    }

    @Override
    public boolean keepsPlaces() {
        return true;
    }

    @Override
    public Policy prepare(Candidates candidates) {
        int[] table = table(candidates);
        return (random, clock) -> (wanted, tier) -> {
            Long hash = wanted.hash();
            return pick(table, candidates, hash == null ? random.nextLong() : hash, wanted, tier);
        };
    }

    private static @Nullable Host pick(int[] table, Candidates candidates, long hash, Pick wanted, Tier tier) {
        if (candidates.size() == 0) {
            return null;
        }
        long at = hash;
        for (int i = 0; i < REHASHES; i++) {
            Host host = candidates.host(table[(int) Long.remainderUnsigned(at, table.length)]);
            if (tier.takes(host, wanted)) {
                return host;
            }
            at = (at ^ at >>> 31) * 0x9E3779B97F4A7C15L + i;
        }
        // Nearly all are ill: the rest share in an order that does not depend on the request.
        for (int i = 0; i < candidates.size(); i++) {
            Host host = candidates.host((int) Long.remainderUnsigned(at + i, candidates.size()));
            if (tier.takes(host, wanted)) {
                return host;
            }
        }
        return null;
    }

    private int[] table(Candidates candidates) {
        int size = candidates.size();
        int[] table = new int[tableSize];
        if (size == 0) {
            return table;
        }
        Arrays.fill(table, -1);
        long[] next = new long[size];
        long[] skip = new long[size];
        double heaviest = 0;
        for (int i = 0; i < size; i++) {
            byte[] key = HostKey.of(candidates.host(i).endpoint(), byHostname).getBytes(StandardCharsets.UTF_8);
            next[i] = Long.remainderUnsigned(XxHash64.hash(key, 0), tableSize);
            skip[i] = Long.remainderUnsigned(XxHash64.hash(key, 1), tableSize - 1) + 1;
            heaviest = Math.max(heaviest, candidates.weight(i));
        }
        double[] target = new double[size];
        int claimed = 0;
        for (long round = 1; ; round++) {
            for (int i = 0; i < size; i++) {
                // The heaviest claims in every round, the others as often as their weight is a part of its.
                if (round * candidates.weight(i) < target[i]) {
                    continue;
                }
                target[i] += heaviest;
                while (table[(int) next[i]] >= 0) {
                    next[i] = (next[i] + skip[i]) % tableSize;
                }
                table[(int) next[i]] = i;
                if (++claimed == tableSize) {
                    return table;
                }
            }
        }
    }
}
