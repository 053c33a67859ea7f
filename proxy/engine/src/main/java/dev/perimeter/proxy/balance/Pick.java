package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a balancer.
 *
 * @param tried what this request must not be sent to again
 * @param hash of what the request's route says it belongs together by; null when it says nothing
 * @param match which subset of the endpoints it may go to
 * @param override the endpoint it should go to whatever the policy says, or null
 */
public record Pick(
        Collection<Endpoint> tried,
        @Nullable Long hash,
        MetadataMatch match,
        @Nullable OverrideHost override) {

    /** Any endpoint will do. */
    public static final Pick ANY = new Pick(List.of());

    /**
     * Where a request's session lives (Envoy: stateful session).
     *
     * @param strict whether no other endpoint will do when this one is not there or ill
     */
    public record OverrideHost(InetSocketAddress address, boolean strict) {}

    public Pick(Collection<Endpoint> tried) {
        this(tried, null, MetadataMatch.ANY, null);
    }

    public Pick(Collection<Endpoint> tried, @Nullable Long hash) {
        this(tried, hash, MetadataMatch.ANY, null);
    }

    /** The same wish without what has been tried. */
    public Pick without(Collection<Endpoint> failed) {
        return failed.isEmpty() && tried.isEmpty() ? this : new Pick(failed, hash, match, override);
    }

    public Pick with(@Nullable OverrideHost host) {
        return host == override ? this : new Pick(tried, hash, match, host);
    }
}
