package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.HeaderEdits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the clusters that a route forwards to, with all that is done to requests that go there.
 *
 * @param requestHeaders edits of cluster, route, virtual host and table in their order
 * @param responseHeaders likewise
 * @param host replaces the authority before the route's own rewrite, or null
 * @param metadata what an endpoint's {@code envoy.lb} metadata must say; empty for any endpoint
 * @param filterConfigs what all levels down to this cluster say of filters; empty where the cluster says nothing
 */
public record Target(
        String cluster,
        HeaderEdits requestHeaders,
        HeaderEdits responseHeaders,
        @Nullable String host,
        Map<String, String> metadata,
        Map<String, RouteFilter> filterConfigs) {

    Target to(String otherCluster) {
        return new Target(otherCluster, requestHeaders, responseHeaders, host, metadata, filterConfigs);
    }
}
