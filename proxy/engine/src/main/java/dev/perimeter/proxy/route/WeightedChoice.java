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
        if (clusters.size() == 1) {
            return clusters.getFirst().cluster();
        }
        long total = 0;
        for (int i = 0; i < clusters.size(); i++) {
            total += clusters.get(i).weight();
        }
        if (total == 0) {
            return null;
        }
        long at = random.nextLong(total);
        for (int i = 0; i < clusters.size(); i++) {
            at -= clusters.get(i).weight();
            if (at < 0) {
                return clusters.get(i).cluster();
            }
        }
        throw new IllegalStateException("weights changed while they were added up");
    }
}
