package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.balance.spread.ClusterBalancer;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.observe.metric.Scope;

/**
 * A cluster at work: its config with its endpoints resolved, and the numbers that outlive both. A new config or a new
 * set of endpoints makes a new object; {@code load}, {@code metrics} and the state of each host pass on from one to the next.
 */
public record Cluster(
        ClusterConfig config,
        EndpointSet endpoints,
        Hosts hosts,
        ClusterBalancer balancer,
        ClusterLoad load,
        Scope<ClusterMetric> metrics) {

    public String name() {
        return config.name();
    }

    /** Two clusters are the same object or different: identity keeps look-ups cheap and old snapshots apart from new. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
