package dev.perimeter.proxy.cluster;

import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointSet.Health;

/** An endpoint of a cluster as config gives it, with what is known of it. */
public record Host(Endpoint endpoint, EndpointState state) {

    public Health health() {
        return state.health(endpoint.status());
    }

    /** Two hosts are the same object or different: equal config may stand in two sets. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
