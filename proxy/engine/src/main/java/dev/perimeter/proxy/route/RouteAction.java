package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.path.RegexRewrite;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to a request that matched. */
public sealed interface RouteAction {

    /**
     * Forward to one of the clusters, by weight.
     *
     * @param hash what requests belong together by, for the policies that keep such ones together
     * @param tunnel true when a CONNECT is ended here and its bytes relayed to the cluster as TCP
     * @param noClusterStatus of the answer when the chosen cluster is not known (Envoy's default is 503)
     * @param selection what else says where the request goes
     * @param upgrades whether a client may go on with a protocol, by its name in lower case; of the others the listener
     *     decides (Envoy: RouteAction.upgrade_configs)
     */
    record Forward(
            List<WeightedCluster> clusters,
            Timeouts timeouts,
            RequestRewrite rewrite,
            Resilience resilience,
            List<HashPolicy> hash,
            boolean tunnel,
            int noClusterStatus,
            Selection selection,
            Map<String, Boolean> upgrades)
            implements RouteAction {

        public Forward {
            upgrades = Map.copyOf(upgrades);
        }

        public Forward(
                List<WeightedCluster> clusters,
                Timeouts timeouts,
                RequestRewrite rewrite,
                Resilience resilience,
                List<HashPolicy> hash,
                boolean tunnel,
                int noClusterStatus) {
            this(clusters, timeouts, rewrite, resilience, hash, tunnel, noClusterStatus, Selection.BY_WEIGHT, Map.of());
        }

        public Forward to(List<WeightedCluster> others) {
            return new Forward(
                    others, timeouts, rewrite, resilience, hash, tunnel, noClusterStatus, selection, upgrades);
        }
    }

    /**
     * What, beside the weights, says where a request goes.
     *
     * @param clusterHeader names a header that holds the cluster's name; null to go by the list
     * @param randomHeader names a header whose number takes the place of the random choice between weights, so that
     *     several proxies choose alike; null for chance
     * @param metadata what the endpoint's {@code envoy.lb} metadata must say (Envoy: metadata_match)
     */
    record Selection(
            @Nullable String clusterHeader, @Nullable String randomHeader, Map<String, String> metadata) {

        public static final Selection BY_WEIGHT = new Selection(null, null, Map.of());
    }

    record DirectResponse(int status, String body) implements RouteAction {}

    /**
     * Null or negative parts keep what the request had; of path, prefixRewrite and regex at most one is there.
     *
     * @param stripQuery whether the query is left out; that of {@code path} stays
     */
    record Redirect(
            int status,
            @Nullable String scheme,
            @Nullable String host,
            int port,
            @Nullable String path,
            @Nullable String prefixRewrite,
            @Nullable RegexRewrite regex,
            boolean stripQuery)
            implements RouteAction {

        public Redirect(
                int status,
                @Nullable String scheme,
                @Nullable String host,
                int port,
                @Nullable String path,
                @Nullable String prefixRewrite) {
            this(status, scheme, host, port, path, prefixRewrite, null, false);
        }
    }

    /**
     * @param weight relative to the sum over the list, 0 to 4294967295
     * @param own what is done to requests that go to this cluster of the list
     */
    record WeightedCluster(String cluster, long weight, OfCluster own) {

        public WeightedCluster(String cluster, long weight) {
            this(cluster, weight, OfCluster.NOTHING);
        }
    }

    /**
     * What a weighted cluster adds to its route.
     *
     * @param clusterHeader names a header that holds the name in place of the cluster's own; null for that
     * @param host replaces the authority, before any rewrite of the route; null to leave it to the route
     * @param metadata more of {@link Selection#metadata}
     * @param filterConfigs what all levels down to this cluster say of filters; empty where the cluster says nothing
     */
    record OfCluster(
            List<HeaderEdit> requestHeaders,
            List<HeaderEdit> responseHeaders,
            @Nullable String clusterHeader,
            @Nullable String host,
            Map<String, String> metadata,
            Map<String, RouteFilter> filterConfigs) {

        public static final OfCluster NOTHING = new OfCluster(List.of(), List.of(), null, null, Map.of(), Map.of());

        public OfCluster with(Map<String, RouteFilter> configs) {
            return new OfCluster(requestHeaders, responseHeaders, clusterHeader, host, metadata, configs);
        }
    }
}
