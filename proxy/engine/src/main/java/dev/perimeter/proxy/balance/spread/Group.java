package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.balance.BalancerKind.Policy;
import dev.perimeter.proxy.balance.Candidates;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.Host;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some hosts and the policy at work on them: made once for all loops, with a place for what each loop keeps. */
final class Group {

    private final Candidates candidates;
    private final Policy policy;
    /** Each place is read and written by one loop alone. */
    private final @Nullable Balancer[] loops;

    private Group(Candidates candidates, BalancerKind kind, int loops) {
        this.candidates = candidates;
        this.policy = kind.prepare(candidates);
        this.loops = new Balancer[loops];
    }

    /** The group there was if it is of the same hosts: whose turn it is stays, a ring or table is not built again. */
    static Group of(Candidates candidates, BalancerKind kind, int loops, List<Group> before) {
        for (Group group : before) {
            if (group.candidates.same(candidates)) {
                return group;
            }
        }
        return new Group(candidates, kind, loops);
    }

    int size() {
        return candidates.size();
    }

    @Nullable
    Host pick(Pick wanted, Tier tier, LoopBalancer loop) {
        Balancer balancer = loops[loop.number()];
        if (balancer == null) {
            balancer = policy.on(loop.random(), loop.clock());
            loops[loop.number()] = balancer;
        }
        return balancer.pick(wanted, tier);
    }
}
