package dev.perimeter.proxy.balance.spread;

import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.Host;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The choice of endpoints as one event loop makes it.
 *
 * @param number of the loop, from 0
 * @param clock monotonic nanoseconds
 */
public record LoopBalancer(ClusterBalancer cluster, int number, RandomGenerator random, LongSupplier clock) {

    /** An endpoint, or null when there is none that will do. */
    public @Nullable Endpoint pick(Pick wanted) {
        Host host = cluster.pick(wanted, this);
        return host == null ? null : host.endpoint();
    }
}
