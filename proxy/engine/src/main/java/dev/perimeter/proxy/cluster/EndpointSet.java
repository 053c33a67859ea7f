package dev.perimeter.proxy.cluster;

import java.net.InetSocketAddress;
import java.util.List;

/** The endpoints of a cluster at one moment, as EDS or the cluster itself gave them. */
public record EndpointSet(String name, List<Endpoint> endpoints) {

    /**
     * @param weight relative share, 1 or more
     * @param healthy false when the control plane said so; such an endpoint is used only if all are unhealthy
     */
    public record Endpoint(InetSocketAddress address, int weight, boolean healthy) {}
}
