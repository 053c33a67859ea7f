package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.Host;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A load balancing policy with its settings; a new policy is one file and one line in {@link Balancers}. Immutable, and
 * equal to another one of the same settings.
 *
 * <p>Its work has two parts: {@link #prepare} makes once what all event loops share (a ring, a table), off the loops;
 * {@link Policy#on} adds what one loop keeps for itself (whose turn it is).
 */
public interface BalancerKind {

    /** Envoy's name of the policy, e.g. {@code ROUND_ROBIN}. */
    String name();

    /**
     * Whether a host keeps its place while it may not be taken. Then the policy is prepared from all hosts of a priority,
     * whatever their health, and changes of health cost nothing; otherwise from those of one {@link Tier} alone.
     */
    default boolean keepsPlaces() {
        return false;
    }

    Policy prepare(Candidates candidates);

    /** What all loops share; immutable. */
    @FunctionalInterface
    interface Policy {

        /** @param clock monotonic nanoseconds */
        Balancer on(RandomGenerator random, LongSupplier clock);
    }

    /** Called on one event loop only, so it needs no locks. */
    @FunctionalInterface
    interface Balancer {

        /** A candidate of this tier that was not tried, or null when there is none. */
        @Nullable
        Host pick(Pick wanted, Tier tier);
    }
}
