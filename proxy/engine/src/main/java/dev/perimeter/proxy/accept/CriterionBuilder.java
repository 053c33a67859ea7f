package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.AddressRange;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.FilterChainMatch.SourceType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Builds the steps of a {@link ChainIndex}; used once, on the control thread. */
final class CriterionBuilder {

    /** A chain that is still in the running. */
    record Candidate(int chain, FilterChainMatch match) {}

    /** The criteria in the order in which they decide; nothing is added elsewhere. */
    private final List<Function<List<Candidate>, Criterion>> order = List.of(
            candidates -> ports(candidates, 0, facts -> facts.local().getPort(), CriterionBuilder::destinationPort),
            candidates -> ranges(candidates, 1, facts -> facts.local().getAddress(), FilterChainMatch::prefixRanges),
            candidates -> by(candidates, 2, FilterChainMatch::serverNames, Criterion.ServerName::new),
            candidates -> by(candidates, 3, CriterionBuilder::transport, Criterion.TransportProtocol::new),
            candidates -> by(candidates, 4, FilterChainMatch::applicationProtocols, Criterion.ApplicationProtocol::new),
            candidates -> ranges(
                    candidates, 5, facts -> facts.directRemote().getAddress(), FilterChainMatch::directSourceRanges),
            candidates -> by(candidates, 6, CriterionBuilder::sourceType, CriterionBuilder::source),
            candidates -> ranges(candidates, 7, facts -> facts.remote().getAddress(), FilterChainMatch::sourceRanges),
            candidates -> ports(candidates, 8, facts -> facts.remote().getPort(), FilterChainMatch::sourcePorts));

    private @Nullable String problem;

    @Nullable
    String problem() {
        return problem;
    }

    Criterion build(List<Candidate> candidates) {
        return step(candidates, 0);
    }

    private Criterion step(List<Candidate> candidates, int level) {
        if (candidates.isEmpty()) {
            return Criterion.Leaf.NOTHING;
        }
        if (level < order.size()) {
            return order.get(level).apply(candidates);
        }
        if (candidates.size() > 1 && problem == null) {
            problem = "filter_chains[" + candidates.get(1).chain() + "] matches the same connections as filter_chains["
                    + candidates.get(0).chain() + "]";
        }
        return new Criterion.Leaf(candidates.getFirst().chain());
    }

    private Criterion ports(
            List<Candidate> candidates,
            int level,
            Function<ConnectionFacts, Integer> port,
            Function<FilterChainMatch, Set<Integer>> wanted) {
        return by(candidates, level, wanted, (steps, others) -> new Criterion.Port(port, steps, others));
    }

    private Criterion ranges(
            List<Candidate> candidates,
            int level,
            Function<ConnectionFacts, @Nullable InetAddress> address,
            Function<FilterChainMatch, List<AddressRange>> wanted) {
        return by(candidates, level, wanted, (steps, others) -> {
            List<Criterion.RangeStep> longestFirst = steps.entrySet().stream()
                    .map(entry -> new Criterion.RangeStep(entry.getKey(), entry.getValue()))
                    .sorted(Comparator.comparing(one -> -one.range().prefixLength()))
                    .toList();
            return new Criterion.Range(address, longestFirst, others);
        });
    }

    private static Criterion source(Map<SourceType, Criterion> types, Criterion others) {
        return new Criterion.Source(types.get(SourceType.SAME_IP_OR_LOOPBACK), types.get(SourceType.EXTERNAL), others);
    }

    private static Set<SourceType> sourceType(FilterChainMatch match) {
        return match.sourceType() == SourceType.ANY ? Set.of() : Set.of(match.sourceType());
    }

    private static Set<String> transport(FilterChainMatch match) {
        return match.transportProtocol().isEmpty() ? Set.of() : Set.of(match.transportProtocol());
    }

    private static Set<Integer> destinationPort(FilterChainMatch match) {
        return match.destinationPort() == 0 ? Set.of() : Set.of(match.destinationPort());
    }

    /** @param step makes the step out of what each value leads to and what all others lead to */
    private <V> Criterion by(
            List<Candidate> candidates,
            int level,
            Function<FilterChainMatch, ? extends Collection<V>> wanted,
            BiFunction<Map<V, Criterion>, Criterion, Criterion> step) {
        Map<V, List<Candidate>> groups = new LinkedHashMap<>();
        List<Candidate> indifferent = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Collection<V> values = wanted.apply(candidate.match());
            if (values.isEmpty()) {
                indifferent.add(candidate);
            }
            for (V value : values) {
                groups.computeIfAbsent(value, v -> new ArrayList<>()).add(candidate);
            }
        }
        if (groups.isEmpty()) {
            return step(candidates, level + 1);
        }
        Map<V, Criterion> next = new HashMap<>();
        groups.forEach((value, group) -> next.put(value, step(group, level + 1)));
        return step.apply(next, step(indifferent, level + 1));
    }
}
