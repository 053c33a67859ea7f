package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Pick.OverrideHost;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import dev.perimeter.proxy.cluster.LoadBalancing;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of each request to a cluster: first the one its session lives on, then by subset, priority,
 * health and locality, then the policy's own word. One for each cluster and endpoint set, shared by all loops. Whatever
 * depends on health is in one immutable view, made anew off the loops when health changes; a pick reads it once.
 */
public final class ClusterBalancer {

    private record View(Spread whole, Subsets subsets) {}

    private final Hosts hosts;
    private final SpreadRules rules;
    private final Supplier<@Nullable Hosts> localCluster;
    private final Locality own;
    private volatile View view;

    /**
     * @param loops number of event loops
     * @param own where this proxy is
     * @param localCluster all instances of what this proxy serves, or null when that is not known
     */
    public ClusterBalancer(
            Hosts hosts,
            LoadBalancing balancing,
            EndpointSet.Policy endpoints,
            int loops,
            Locality own,
            Supplier<@Nullable Hosts> localCluster) {
        this.hosts = hosts;
        this.rules = new SpreadRules(balancing, endpoints, loops);
        this.own = own;
        this.localCluster = localCluster;
        this.view = view(null);
    }

    /** For a proxy that does not know where it is. */
    public ClusterBalancer(Hosts hosts, LoadBalancing balancing, EndpointSet.Policy endpoints, int loops) {
        this(hosts, balancing, endpoints, loops, Locality.NONE, () -> null);
    }

    private View view(@Nullable View before) {
        Hosts local = localCluster.get();
        Spread.Origin origin = local == null || own.samePlace(Locality.NONE) ? null : new Spread.Origin(own, local);
        return new View(
                new Spread(hosts.all(), rules, origin, before == null ? null : before.whole()),
                Subsets.of(hosts.all(), rules, origin, before == null ? null : before.subsets()));
    }

    /** The health of some host or the local cluster changed. O(n); called on the health or the control thread, never on a loop. */
    public synchronized void refresh() {
        view = view(view);
    }

    /** Whether some priority is in panic at this moment. */
    public boolean inPanic() {
        return view.whole().anyPanic();
    }

    /** @param clock monotonic nanoseconds */
    public LoopBalancer on(int loop, RandomGenerator random, LongSupplier clock) {
        return new LoopBalancer(this, loop, random, clock);
    }

    @Nullable
    Host pick(Pick wanted, LoopBalancer loop) {
        OverrideHost override = wanted.override();
        if (override != null) {
            Host host = hosts.at(override.address());
            // Envoy: by default a session stays on its host unless that one is unhealthy.
            if (host != null
                    && host.health() != Health.UNHEALTHY
                    && !wanted.tried().contains(host.endpoint())) {
                return host;
            }
            if (override.strict()) {
                return null;
            }
        }
        View now = view;
        Spread spread = now.subsets().choose(wanted.match(), now.whole());
        return spread == null ? null : spread.pick(wanted, loop);
    }
}
