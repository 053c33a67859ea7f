package dev.perimeter.proxy.runtime;

import dev.perimeter.proxy.cluster.EndpointSet.Locality;

/**
 * Where this proxy is among its like; requests stay near only if both are known (Envoy: node.locality and
 * cluster_manager.local_cluster_name).
 *
 * @param locality {@link Locality#NONE} when it is not known
 * @param localCluster name of the cluster whose endpoints are all instances of what this proxy serves; empty for none
 */
public record OwnPlace(Locality locality, String localCluster) {

    public static final OwnPlace UNKNOWN = new OwnPlace(Locality.NONE, "");
}
