package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.balance.spread.ClusterBalancer;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.Hosts;
import org.jspecify.annotations.Nullable;

/**
 * The instances of what this proxy serves, as the configuration in force has them. A cluster outlives many
 * configurations, so its balancer asks here whenever it is made anew.
 */
public final class LocalCluster {

    private final OwnPlace own;
    private volatile @Nullable Hosts hosts;

    public LocalCluster(OwnPlace own) {
        this.own = own;
    }

    ClusterBalancer balancer(ClusterConfig config, Hosts upstream, EndpointSet.Policy policy, int loops) {
        // As in Envoy, the local cluster itself is not routed by zones.
        return config.name().equals(own.localCluster())
                ? new ClusterBalancer(upstream, config.balancing(), policy, loops)
                : new ClusterBalancer(upstream, config.balancing(), policy, loops, own.locality(), () -> hosts);
    }

    /** This configuration is in force from now on. Called on the control thread. */
    public void serve(RuntimeSnapshot runtime) {
        Cluster local = runtime.cluster(own.localCluster());
        Hosts now = local == null ? null : local.hosts();
        if (now != hosts) {
            hosts = now;
            runtime.clusters().values().forEach(cluster -> cluster.balancer().refresh());
        }
    }

    public String name() {
        return own.localCluster();
    }
}
