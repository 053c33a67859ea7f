package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import dev.perimeter.proxy.cluster.LoadBalancing.ZoneAware;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of a cluster, or of one of its subsets, by priority. Immutable; made anew when health changes, since
 * every choice would otherwise count the healthy ones.
 */
final class Spread {

    private final List<Host> hosts;
    private final Level[] levels;
    private final PriorityLoads loads;
    private final boolean failOnPanic;

    /** @param origin where requests come from, or null when that is not known */
    Spread(List<Host> hosts, SpreadRules rules, @Nullable Origin origin, @Nullable Spread before) {
        this.hosts = hosts;
        int priorities = 1 + hosts.stream().mapToInt(Spread::priority).max().orElse(0);
        levels = new Level[priorities];
        PriorityLoads.Census[] census = new PriorityLoads.Census[priorities];
        for (int i = 0; i < priorities; i++) {
            int priority = i;
            List<Host> here =
                    hosts.stream().filter(host -> priority(host) == priority).toList();
            Level old = before != null && i < before.levels.length ? before.levels[i] : null;
            levels[i] = new Level(here, rules, i == 0 ? zones(rules, origin) : null, old);
            census[i] = levels[i].census(rules.endpoints().weightedPriorityHealth());
        }
        loads = new PriorityLoads(
                census,
                rules.endpoints().overprovisioningPercent(),
                rules.balancing().panicThreshold());
        failOnPanic = rules.balancing().localities() instanceof ZoneAware zone && zone.failOnPanic();
    }

    /** Where requests come from: the proxy's own place, and all instances of what it serves. */
    record Origin(Locality place, Hosts hosts) {}

    private static @Nullable ZoneRouting zones(SpreadRules rules, @Nullable Origin origin) {
        return origin != null && rules.balancing().localities() instanceof ZoneAware zone
                ? new ZoneRouting(zone, origin, rules.balancing().panicThreshold())
                : null;
    }

    private static int priority(Host host) {
        return host.endpoint().locality().priority();
    }

    List<Host> hosts() {
        return hosts;
    }

    boolean anyPanic() {
        return loads.anyPanic();
    }

    PriorityLoads loads() {
        return loads;
    }

    @Nullable
    Host pick(Pick wanted, LoopBalancer loop) {
        Long hash = wanted.hash();
        int at = hash == null ? loop.random().nextInt(100) : (int) Long.remainderUnsigned(hash, 100);
        int chosen = loads.choose(at);
        if (chosen == Integer.MIN_VALUE) {
            return null;
        }
        int priority = chosen >= 0 ? chosen : -1 - chosen;
        boolean panic = loads.panic(priority);
        if (panic && failOnPanic) {
            return null;
        }
        Tier tier = panic ? Tier.ANY : chosen >= 0 ? Tier.HEALTHY : Tier.DEGRADED;
        Host host = levels[priority].pick(wanted, tier, loop);
        return host == null ? anywhere(wanted, loop) : host;
    }

    /** The share it belongs to has nobody left that was not tried: whoever else is well. */
    private @Nullable Host anywhere(Pick wanted, LoopBalancer loop) {
        for (Tier tier : WELL) {
            for (Level level : levels) {
                Host host = level.pick(wanted, tier, loop);
                if (host != null) {
                    return host;
                }
            }
        }
        return null;
    }

    private static final Tier[] WELL = {Tier.HEALTHY, Tier.DEGRADED};
}
