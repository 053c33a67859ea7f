package dev.perimeter.proxy.route;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to a request that matched. */
public sealed interface RouteAction {

    /**
     * Forward to one of the clusters, by weight.
     *
     * @param hash what requests belong together by, for the policies that keep such ones together
     * @param tunnel true when a CONNECT is ended here and its bytes relayed to the cluster as TCP
     * @param noClusterStatus of the answer when the chosen cluster is not known (Envoy's default is 503)
     */
    record Forward(
            List<WeightedCluster> clusters,
            Timeouts timeouts,
            RequestRewrite rewrite,
            Resilience resilience,
            List<HashPolicy> hash,
            boolean tunnel,
            int noClusterStatus)
            implements RouteAction {}

    record DirectResponse(int status, String body) implements RouteAction {}

    /** Null or negative parts keep what the request had. */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String host,
            int port,
            @Nullable String path,
            @Nullable String prefixRewrite)
            implements RouteAction {}

    /** @param weight relative to the sum over the list, 0 to 4294967295 */
    record WeightedCluster(String cluster, long weight) {}
}
