package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.upstream.EndpointLoad;
import java.util.List;

/** A cluster as the admin pages show it. */
public record ClusterView(ClusterConfig config, List<EndpointView> endpoints) {

    public record EndpointView(Endpoint endpoint, EndpointLoad load) {}
}
