package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One after the other, heavier ones more often but never in a burst: each pick gives every endpoint its weight in credit,
 * takes the richest and charges it the sum ("smooth weighted round robin", as nginx does it; O(n) for each pick, which
 * for the endpoints of one cluster is less than a heap would cost).
 */
final class RoundRobin implements BalancerKind {

    @Override
    public String name() {
        return "ROUND_ROBIN";
    }

    @Override
    public Balancer create(List<Endpoint> endpoints) {
        return new Turns(List.copyOf(endpoints));
    }

    private static boolean healthy(Endpoint endpoint) {
        return endpoint.status().health() != Health.UNHEALTHY;
    }

    private static final class Turns implements Balancer {

        private final List<Endpoint> endpoints;
        private final long[] credit;
        private final boolean anyHealthy;

        Turns(List<Endpoint> endpoints) {
            this.endpoints = endpoints;
            this.credit = new long[endpoints.size()];
            this.anyHealthy = endpoints.stream().anyMatch(RoundRobin::healthy);
        }

        @Override
        public @Nullable Endpoint pick(Pick wanted) {
            Collection<Endpoint> tried = wanted.tried();
            // When all are said to be unhealthy the news is more likely wrong than the whole cluster dead.
            Endpoint picked = pick(tried, anyHealthy);
            return picked == null && anyHealthy ? pick(tried, false) : picked;
        }

        private @Nullable Endpoint pick(Collection<Endpoint> tried, boolean healthyOnly) {
            int best = -1;
            long sum = 0;
            for (int i = 0; i < credit.length; i++) {
                Endpoint endpoint = endpoints.get(i);
                if ((healthyOnly && !healthy(endpoint)) || tried.contains(endpoint)) {
                    continue;
                }
                credit[i] += endpoint.weight();
                sum += endpoint.weight();
                if (best < 0 || credit[i] > credit[best]) {
                    best = i;
                }
            }
            if (best < 0) {
                return null;
            }
            credit[best] -= sum;
            return endpoints.get(best);
        }
    }
}
