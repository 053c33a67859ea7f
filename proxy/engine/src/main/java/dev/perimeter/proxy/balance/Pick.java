package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a balancer.
 *
 * @param tried what this request must not be sent to again
 * @param hash of what the request's route says it belongs together by; null when it says nothing
 */
public record Pick(Collection<Endpoint> tried, @Nullable Long hash) {

    public Pick(Collection<Endpoint> tried) {
        this(tried, null);
    }
}
