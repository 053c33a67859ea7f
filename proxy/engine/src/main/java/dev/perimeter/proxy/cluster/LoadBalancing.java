package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.balance.BalancerKind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How an endpoint is chosen among those of a cluster.
 *
 * @param policy among those that are equally good
 * @param panicThreshold in percent: with fewer endpoints of a priority well, their health is not believed any more; 0 to
 *     always believe it (Envoy: healthy_panic_threshold, default 50)
 * @param localities how localities share
 * @param subsets which endpoints a request may ask for
 */
public record LoadBalancing(BalancerKind policy, double panicThreshold, Localities localities, SubsetRules subsets) {

    public static final double PANIC_THRESHOLD = 50;

    public LoadBalancing(BalancerKind policy) {
        this(policy, PANIC_THRESHOLD, ZoneAware.DEFAULTS, SubsetRules.NONE);
    }

    public sealed interface Localities {}

    /** By the weights the localities were given (Envoy: locality_weighted_lb_config). */
    public record LocalityWeighted() implements Localities {}

    /**
     * As much as possible within the proxy's own locality, as long as each upstream locality gets its share (Envoy:
     * zone_aware_lb_config). Has effect only where the proxy knows its own locality and cluster.
     *
     * @param percent of the requests this is done for
     * @param minClusterSize least number of healthy endpoints for it to be done
     * @param failOnPanic whether nobody is chosen instead of everybody when too many are ill
     */
    public record ZoneAware(double percent, int minClusterSize, boolean failOnPanic) implements Localities {

        public static final ZoneAware DEFAULTS = new ZoneAware(100, 6, false);
    }

    /**
     * Endpoints by their metadata (Envoy: lb_subset_config).
     *
     * @param selectors the sets of keys that requests may ask by; empty when there are no subsets
     * @param fallback for requests that no selector knows
     * @param defaultSubset for {@link Fallback#DEFAULT_SUBSET}
     */
    public record SubsetRules(List<Selector> selectors, Fallback fallback, Map<String, Object> defaultSubset) {

        public static final SubsetRules NONE = new SubsetRules(List.of(), Fallback.ANY_ENDPOINT, Map.of());

        /** @param fallback for requests that name these keys with values nobody has */
        public record Selector(Set<String> keys, Fallback fallback) {}
    }

    public enum Fallback {
        NO_FALLBACK,
        ANY_ENDPOINT,
        DEFAULT_SUBSET
    }
}
