package dev.perimeter.proxy.route;

import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Picks one cluster of several, each as often as its weight says. */
public final class WeightedChoice {

    private WeightedChoice() {}

    /** Null when the list is empty or all weights are zero; one cluster alone needs no weight. */
    public static @Nullable String pick(List<WeightedCluster> clusters, RandomGenerator random) {
        int index = index(clusters, random);
        return index < 0 ? null : clusters.get(index).cluster();
    }

    /** Position of the pick in the list, or -1. */
    public static int index(List<WeightedCluster> clusters, RandomGenerator random) {
        if (clusters.size() == 1) {
            return 0;
        }
        long total = total(clusters);
        return total == 0 ? -1 : at(clusters, random.nextLong(total));
    }

    /** As {@link #index(List, RandomGenerator)}, chosen by a number that somebody else drew; read as unsigned. */
    public static int index(List<WeightedCluster> clusters, long drawn) {
        if (clusters.size() == 1) {
            return 0;
        }
        long total = total(clusters);
        return total == 0 ? -1 : at(clusters, Long.remainderUnsigned(drawn, total));
    }

    private static long total(List<WeightedCluster> clusters) {
        long total = 0;
        for (int i = 0; i < clusters.size(); i++) {
            total += clusters.get(i).weight();
        }
        return total;
    }

    private static int at(List<WeightedCluster> clusters, long drawn) {
        long left = drawn;
        for (int i = 0; i < clusters.size(); i++) {
            left -= clusters.get(i).weight();
            if (left < 0) {
                return i;
            }
        }
        throw new IllegalStateException("weights changed while they were added up");
    }
}
