package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.MetadataMatch;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.LoadBalancing.Fallback;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subsets of a cluster (Envoy, "Load balancer subsets"): one for each combination of values that its endpoints have
 * for the keys of a selector. Which host is in which does not change with health; each has a spread of its own. O(1) for
 * each pick.
 */
final class Subsets {

    private final SubsetRules rules;
    private final Map<MetadataMatch, Spread> spreads;
    private final @Nullable Spread defaultSubset;

    private Subsets(SubsetRules rules, Map<MetadataMatch, Spread> spreads, @Nullable Spread defaultSubset) {
        this.rules = rules;
        this.spreads = spreads;
        this.defaultSubset = defaultSubset;
    }

    static Subsets of(List<Host> hosts, SpreadRules rules, Spread.@Nullable Origin origin, @Nullable Subsets before) {
        SubsetRules subsets = rules.balancing().subsets();
        Map<MetadataMatch, List<Host>> members = new HashMap<>();
        for (Selector selector : subsets.selectors()) {
            for (Host host : hosts) {
                MetadataMatch values = values(host, selector);
                if (values != null) {
                    members.computeIfAbsent(values, key -> new ArrayList<>()).add(host);
                }
            }
        }
        Map<MetadataMatch, Spread> spreads = new HashMap<>();
        members.forEach((match, matching) -> spreads.put(
                match, new Spread(matching, rules, origin, before == null ? null : before.spreads.get(match))));
        Spread standard = null;
        if (!subsets.selectors().isEmpty()) {
            List<Host> standards = hosts.stream()
                    .filter(host -> host.endpoint()
                            .metadata()
                            .entrySet()
                            .containsAll(subsets.defaultSubset().entrySet()))
                    .toList();
            standard = new Spread(standards, rules, origin, before == null ? null : before.defaultSubset);
        }
        return new Subsets(subsets, spreads, standard);
    }

    private static @Nullable MetadataMatch values(Host host, Selector selector) {
        Map<String, Object> values = new HashMap<>();
        for (String key : selector.keys()) {
            Object value = host.endpoint().metadata(key);
            if (value == null) {
                return null;
            }
            values.put(key, value);
        }
        return new MetadataMatch(values);
    }

    /** Null when nobody may serve such a request. */
    @Nullable
    Spread choose(MetadataMatch match, Spread whole) {
        if (rules.selectors().isEmpty()) {
            return whole;
        }
        Spread found = match.isEmpty() ? null : spreads.get(match);
        if (found != null) {
            return found;
        }
        return switch (fallback(match)) {
            case NO_FALLBACK -> null;
            case ANY_ENDPOINT -> whole;
            case DEFAULT_SUBSET -> defaultSubset;
        };
    }

    private Fallback fallback(MetadataMatch match) {
        for (Selector selector : rules.selectors()) {
            if (selector.keys().equals(match.values().keySet())) {
                return selector.fallback();
            }
        }
        return rules.fallback();
    }
}
