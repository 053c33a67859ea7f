package dev.perimeter.proxy.names;

import dev.perimeter.proxy.cluster.EndpointSet;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Endpoints whose addresses are looked up, again and again, for as long as the cluster is there (Envoy: STRICT_DNS and
 * LOGICAL_DNS). Two clusters that say the same share the look-ups.
 *
 * @param templates the endpoints as config gives them; an unresolved address is a name to look up, any other stands
 * @param every whether each address of a name is an endpoint (STRICT_DNS); otherwise one address is (LOGICAL_DNS), the one
 *     before for as long as the name has it, so that connections last
 * @param family which addresses will do
 * @param refresh how often
 * @param servers who is asked, in this order; empty for those of the machine
 */
public record NamedEndpoints(
        EndpointSet templates, boolean every, Family family, Refresh refresh, List<InetSocketAddress> servers) {

    /** Envoy's DnsLookupFamily. */
    public enum Family {
        V4_ONLY,
        V6_ONLY,
        /** Version 6 addresses; those of version 4 only where there are none. Envoy's default, AUTO. */
        V6_PREFERRED,
        V4_PREFERRED,
        ALL
    }

    /**
     * When to ask again.
     *
     * @param rate after an answer, more than zero
     * @param failureBase after a failure; doubles with each that follows
     * @param failureMost where the doubling ends
     * @param byTtl whether the time to live of the answer counts instead of {@code rate}, where it is not zero
     * @param jitter up to so much is added by chance
     */
    public record Refresh(Duration rate, Duration failureBase, Duration failureMost, boolean byTtl, Duration jitter) {

        /** Envoy's: five seconds, whatever comes. */
        public static final Duration RATE = Duration.ofSeconds(5);

        public static final Refresh DEFAULTS = new Refresh(RATE, RATE, RATE, false, Duration.ZERO);

        /** @param failures in a row, 0 after an answer @param ttl of the answer, zero if unknown */
        Duration next(int failures, Duration ttl) {
            if (failures == 0) {
                return byTtl && !ttl.isZero() ? ttl : rate;
            }
            Duration wait = failureBase.multipliedBy(1L << Math.min(failures - 1, 20));
            return wait.compareTo(failureMost) < 0 ? wait : failureMost;
        }
    }
}
