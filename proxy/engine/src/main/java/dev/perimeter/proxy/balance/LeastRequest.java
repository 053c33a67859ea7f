package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The one with the least to do (Envoy: LEAST_REQUEST). With equal weights, of some chosen by chance: two are nearly as
 * good as all and do not make everyone run to the same one (M. Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing"). With different weights, turns by weight, made lighter by what a host has to do.
 *
 * @param choices how many are compared, 2 or more
 * @param activeRequestBias how much the requests in flight count where weights differ; 0 not at all
 * @param fullScan whether all are compared instead of some
 */
public record LeastRequest(int choices, double activeRequestBias, boolean fullScan, SlowStart slowStart)
        implements BalancerKind {

    public static final LeastRequest DEFAULTS = new LeastRequest(2, 1, false, SlowStart.NONE);

    @Override
    public String name() {
        return "LEAST_REQUEST";
    }

    @Override
    public Policy prepare(Candidates candidates) {
        if (fullScan) {
            return (random, clock) -> (wanted, tier) -> ofAll(candidates, wanted, tier, random);
        }
        if (candidates.equalWeights() && slowStart.isOff()) {
            return (random, clock) -> (wanted, tier) -> ofSome(candidates, wanted, tier, random);
        }
        return (random, clock) -> new Schedule(
                candidates,
                index -> {
                    Host host = candidates.host(index);
                    double slow = slowStart.isOff() ? 1 : slowStart.factor(host, clock.getAsLong());
                    return slow * candidates.weight(index) / burden(host.state().active() + 1.0);
                },
                random)::pick;
    }

    private double burden(double active) {
        return activeRequestBias == 1 ? active : Math.pow(active, activeRequestBias);
    }

    private @Nullable Host ofSome(Candidates candidates, Pick wanted, Tier tier, RandomGenerator random) {
        Host best = null;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < choices && candidates.size() > 0; i++) {
            Host host = candidates.host(random.nextInt(candidates.size()));
            long active = host.state().active();
            if (active < least && tier.takes(host, wanted)) {
                best = host;
                least = active;
            }
        }
        return best == null ? candidates.any(wanted, tier, random) : best;
    }

    private static @Nullable Host ofAll(Candidates candidates, Pick wanted, Tier tier, RandomGenerator random) {
        Host best = null;
        double least = Double.MAX_VALUE;
        int start = candidates.size() == 0 ? 0 : random.nextInt(candidates.size());
        for (int i = 0; i < candidates.size(); i++) {
            int at = (start + i) % candidates.size();
            Host host = candidates.host(at);
            double active = host.state().active() / candidates.weight(at);
            if (active < least && tier.takes(host, wanted)) {
                best = host;
                least = active;
            }
        }
        return best;
    }
}
