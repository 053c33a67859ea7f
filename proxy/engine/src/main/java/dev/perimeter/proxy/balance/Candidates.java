package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The hosts one policy chooses among, with their weights. Immutable. */
public final class Candidates {

    private final Host[] hosts;
    private final double[] weights;
    private final boolean equalWeights;

    /** Each with the weight of its endpoint. */
    public Candidates(List<Host> hosts) {
        this(hosts, weights(hosts));
    }

    /** @param weights more than zero each */
    public Candidates(List<Host> hosts, double[] weights) {
        this.hosts = hosts.toArray(Host[]::new);
        this.weights = weights.clone();
        boolean equal = true;
        for (double weight : weights) {
            equal = equal && weight == weights[0];
        }
        equalWeights = equal;
    }

    private static double[] weights(List<Host> hosts) {
        return hosts.stream().mapToDouble(host -> host.endpoint().weight()).toArray();
    }

    public int size() {
        return hosts.length;
    }

    public Host host(int index) {
        return hosts[index];
    }

    public double weight(int index) {
        return weights[index];
    }

    boolean equalWeights() {
        return equalWeights;
    }

    /** Whether these are the same hosts in the same order with the same weights. */
    public boolean same(Candidates other) {
        return java.util.Arrays.equals(hosts, other.hosts) && java.util.Arrays.equals(weights, other.weights);
    }

    /** Any one that may be taken, from a random place on: for policies whose own way found none. */
    @Nullable
    Host any(Pick wanted, Tier tier, RandomGenerator random) {
        int start = hosts.length == 0 ? 0 : random.nextInt(hosts.length);
        for (int i = 0; i < hosts.length; i++) {
            int at = start + i;
            Host host = hosts[at < hosts.length ? at : at - hosts.length];
            if (tier.takes(host, wanted)) {
                return host;
            }
        }
        return null;
    }
}
