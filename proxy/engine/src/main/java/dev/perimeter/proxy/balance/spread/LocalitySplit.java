package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.Host;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hosts of one tier in one or several groups, each with its share of the load. Immutable. */
final class LocalitySplit {

    private final List<Group> groups;
    /** Running sums of the shares; empty for a single group. */
    private final double[] upTo;

    /** @param shares relative; not all zero */
    LocalitySplit(List<Group> groups, double[] shares) {
        this.groups = List.copyOf(groups);
        this.upTo = shares.clone();
        Arrays.parallelPrefix(upTo, Double::sum);
    }

    private LocalitySplit(Group single) {
        this.groups = List.of(single);
        this.upTo = new double[0];
    }

    static LocalitySplit single(Group group) {
        return new LocalitySplit(group);
    }

    @Nullable
    Host pick(Pick wanted, Tier tier, LoopBalancer loop) {
        if (upTo.length == 0) {
            return groups.getFirst().pick(wanted, tier, loop);
        }
        double at = loop.random().nextDouble() * upTo[upTo.length - 1];
        int found = Arrays.binarySearch(upTo, at);
        // A running sum belongs to the share after it.
        int chosen = Math.min(found >= 0 ? found + 1 : -found - 1, groups.size() - 1);
        Host host = groups.get(chosen).pick(wanted, tier, loop);
        for (int i = 0; i < groups.size() && host == null; i++) {
            host = groups.get(i).pick(wanted, tier, loop);
        }
        return host;
    }
}
