package dev.perimeter.proxy.balance;

/** Any of them, whatever its weight (Envoy: RANDOM). O(1). */
public record RandomChoice() implements BalancerKind {

    public static final RandomChoice DEFAULTS = new RandomChoice();

    @Override
    public String name() {
        return "RANDOM";
    }

    @Override
    public Policy prepare(Candidates candidates) {
        // It starts at a random place, and the first host there is the one, but for those that may not be taken.
        return (random, clock) -> (wanted, tier) -> candidates.any(wanted, tier, random);
    }
}
