package dev.perimeter.controlplane.translate.route;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.ResourceNames;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteFilter.PathChange;
import dev.perimeter.controlplane.translate.attach.Attachments;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.RedirectResponseCode;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.ClusterNotFoundResponseCode;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.List;

/** Makes Envoy's actions from rules. */
final class Actions {
    private Actions() {}

    /** Whether anything of a rule can be forwarded at all. */
    static boolean anyResolved(HttpRoute route, HttpRoute.Rule rule, Attachments attachments) {
        return rule.backends().stream()
                .anyMatch(backend -> backend.weight() > 0 && attachments.resolved(route, backend));
    }

    /**
     * Forwards to the backends by weight. The share of one that is not there leads to a cluster that is not there
     * either, so nobody else gets requests that were not meant for him. The proxy answers those itself, by 500 as the
     * Gateway API asks for (HTTPRouteRule.backendRefs); a cluster that is only late keeps Envoy's 503.
     */
    static RouteAction.Builder forward(HttpRoute route, HttpRoute.Rule rule, Attachments attachments) {
        RouteAction.Builder action = RouteAction.newBuilder();
        if (rule.requestTimeout() != null) {
            action.setTimeout(Durations.fromMillis(rule.requestTimeout().toMillis()));
        }
        List<HttpRoute.Backend> backends =
                rule.backends().stream().filter(backend -> backend.weight() > 0).toList();
        if (!backends.stream().allMatch(backend -> attachments.resolved(route, backend))) {
            action.setClusterNotFoundResponseCode(ClusterNotFoundResponseCode.INTERNAL_SERVER_ERROR);
        }
        if (backends.size() == 1) {
            return action.setCluster(cluster(route, backends.getFirst(), attachments));
        }
        WeightedCluster.Builder clusters = WeightedCluster.newBuilder();
        backends.forEach(backend -> clusters.addClusters(ClusterWeight.newBuilder()
                .setName(cluster(route, backend, attachments))
                .setWeight(UInt32Value.of(backend.weight()))));
        return action.setWeightedClusters(clusters);
    }

    private static String cluster(HttpRoute route, HttpRoute.Backend backend, Attachments attachments) {
        String name = ResourceNames.outboundCluster(backend.namespace(), backend.service(), backend.port());
        return attachments.resolved(route, backend) ? name : "unresolved/" + name;
    }

    /** The answer of a rule without any backend that is there. */
    static DirectResponseAction unresolved() {
        return DirectResponseAction.newBuilder().setStatus(500).build();
    }

    /** A redirect, its prefix left to {@link Prefixes}. */
    static RedirectAction redirect(RouteFilter.Redirect redirect) {
        RedirectAction.Builder action = RedirectAction.newBuilder()
                .setResponseCode(
                        redirect.status() == 301 ? RedirectResponseCode.MOVED_PERMANENTLY : RedirectResponseCode.FOUND);
        if (redirect.scheme() != null) {
            action.setSchemeRedirect(redirect.scheme());
        }
        if (redirect.hostname() != null) {
            action.setHostRedirect(redirect.hostname());
        }
        if (redirect.port() != null) {
            action.setPortRedirect(redirect.port());
        } else if (redirect.scheme() != null) {
            // Another scheme is asked for at its own port (Gateway API), not at the one the request came to.
            action.setPortRedirect(redirect.scheme().equals("https") ? 443 : 80);
        }
        if (redirect.path() instanceof PathChange.Full full) {
            action.setPathRedirect(full.value());
        }
        return action.build();
    }
}
