package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Candidates;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.LoadBalancing.LocalityWeighted;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one priority, by health and where asked for by locality. Immutable; made anew when health changes, out
 * of the groups there were where their hosts are the same.
 */
final class Level {

    private final List<Host> hosts;
    private final List<Group> groups = new ArrayList<>();
    private final LocalitySplit healthy;
    private final LocalitySplit degraded;
    private final LocalitySplit any;

    /** @param own how the proxy's own locality is preferred here, or null */
    Level(List<Host> hosts, SpreadRules rules, @Nullable ZoneRouting own, @Nullable Level before) {
        this.hosts = hosts;
        List<Group> known = before == null ? List.of() : before.groups;
        BalancerKind policy = rules.balancing().policy();
        if (policy.keepsPlaces()) {
            // One group for all tiers; localities weigh in by the weights of their hosts.
            Candidates all = new Candidates(hosts, weights(hosts, rules));
            LocalitySplit single = LocalitySplit.single(group(all, rules, known));
            healthy = single;
            degraded = single;
            any = single;
            return;
        }
        healthy = split(Tier.HEALTHY, rules, own, known);
        degraded = split(Tier.DEGRADED, rules, null, known);
        any = LocalitySplit.single(group(new Candidates(members(Tier.ANY)), rules, known));
    }

    private Group group(Candidates candidates, SpreadRules rules, List<Group> known) {
        Group group = Group.of(candidates, rules.balancing().policy(), rules.loops(), known);
        groups.add(group);
        return group;
    }

    private LocalitySplit split(Tier tier, SpreadRules rules, @Nullable ZoneRouting own, List<Group> known) {
        List<LocalityHosts> localities = LocalityHosts.of(hosts, tier);
        double[] shares = {};
        if (rules.balancing().localities() instanceof LocalityWeighted) {
            shares = LocalityHosts.weights(localities, rules.endpoints().overprovisioningPercent());
        } else if (own != null) {
            shares = own.shares(localities);
        }
        if (shares.length == 0) {
            return LocalitySplit.single(group(new Candidates(members(tier)), rules, known));
        }
        List<Group> split = new ArrayList<>();
        for (LocalityHosts locality : localities) {
            split.add(group(new Candidates(locality.members()), rules, known));
        }
        return new LocalitySplit(split, shares);
    }

    /** Weight of a host times that of its locality, so that localities get their share whatever the number of hosts. */
    private static double[] weights(List<Host> hosts, SpreadRules rules) {
        boolean weighted = rules.balancing().localities() instanceof LocalityWeighted;
        List<LocalityHosts> localities = weighted ? LocalityHosts.of(hosts, Tier.ANY) : List.of();
        double[] weights = new double[hosts.size()];
        for (int i = 0; i < weights.length; i++) {
            Host host = hosts.get(i);
            Locality place = host.endpoint().locality();
            double share = 1;
            for (LocalityHosts locality : localities) {
                if (locality.place().samePlace(place) && place.weight() > 0) {
                    share = place.weight() / locality.weightOfMembers();
                }
            }
            weights[i] = host.endpoint().weight() * share;
        }
        return weights;
    }

    private List<Host> members(Tier tier) {
        // In panic everybody serves, but for those of whom nothing at all is known yet.
        return hosts.stream()
                .filter(host -> tier.takes(host) && !host.state().is(Mark.PENDING_ACTIVE_HC))
                .toList();
    }

    PriorityLoads.Census census(boolean byWeight) {
        long all = 0;
        long well = 0;
        long half = 0;
        for (Host host : hosts) {
            long counts = byWeight ? host.endpoint().weight() : 1;
            boolean excluded = host.state().is(Mark.PENDING_ACTIVE_HC);
            all += excluded ? 0 : counts;
            well += Tier.HEALTHY.takes(host) ? counts : 0;
            half += Tier.DEGRADED.takes(host) ? counts : 0;
        }
        return new PriorityLoads.Census(all, well, half);
    }

    @Nullable
    Host pick(Pick wanted, Tier tier, LoopBalancer loop) {
        LocalitySplit split = switch (tier) {
            case HEALTHY -> healthy;
            case DEGRADED -> degraded;
            case ANY -> any;
        };
        return split.pick(wanted, tier, loop);
    }
}
