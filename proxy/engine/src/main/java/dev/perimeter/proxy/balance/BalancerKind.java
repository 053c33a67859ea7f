package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A load balancing policy by its xDS name; a new policy is one file and one line in {@link Balancers}. */
public interface BalancerKind {

    /** Envoy's name of the policy, e.g. {@code ROUND_ROBIN}. */
    String name();

    /** Makes the balancer of one cluster on one event loop; it is called on that loop only. */
    Balancer create(List<Endpoint> endpoints);

    /** Called on one event loop only, so it needs no locks. */
    interface Balancer {

        /** Picks an endpoint, or null when there is none. */
        @Nullable
        Endpoint pick(Pick wanted);
    }
}
