package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One after the other, heavier ones more often (Envoy: ROUND_ROBIN). O(1) when all weigh the same, else O(log n). */
public record RoundRobin(SlowStart slowStart) implements BalancerKind {

    public static final RoundRobin DEFAULTS = new RoundRobin(SlowStart.NONE);

    @Override
    public String name() {
        return "ROUND_ROBIN";
    }

    @Override
    public Policy prepare(Candidates candidates) {
        if (!slowStart.isOff()) {
            return (random, clock) -> new Schedule(
                    candidates,
                    index -> candidates.weight(index) * slowStart.factor(candidates.host(index), clock.getAsLong()),
                    random)::pick;
        }
        return candidates.equalWeights()
                ? (random, clock) -> new Turns(candidates, random)
                : (random, clock) -> new Schedule(candidates, candidates::weight, random)::pick;
    }

    private static final class Turns implements Balancer {

        private final Candidates candidates;
        private int next;

        /** Loops and proxies that start at once must not all begin with the same host. */
        Turns(Candidates candidates, RandomGenerator random) {
            this.candidates = candidates;
            this.next = candidates.size() == 0 ? 0 : random.nextInt(candidates.size());
        }

        @Override
        public @Nullable Host pick(Pick wanted, Tier tier) {
            for (int i = 0; i < candidates.size(); i++) {
                Host host = candidates.host(next);
                next = next + 1 == candidates.size() ? 0 : next + 1;
                if (tier.takes(host, wanted)) {
                    return host;
                }
            }
            return null;
        }
    }
}
