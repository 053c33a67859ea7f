package dev.perimeter.controlplane.translate.route;

import com.google.protobuf.Duration;
import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteMatch;
import dev.perimeter.controlplane.translate.attach.Attachments;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig.ConnectConfig;
import java.util.ArrayList;
import java.util.List;

/** Makes the routes of a virtual host. */
public final class Routes {
    private final Attachments attachments;

    public Routes(Attachments attachments) {
        this.attachments = attachments;
    }

    /** The rules of the HTTPRoutes, in the order in which they are to be tried. */
    public List<Route> of(List<HttpRoute> routes) {
        List<Route> made = new ArrayList<>();
        for (Precedence.Candidate candidate : Precedence.order(routes)) {
            made.addAll(of(candidate));
        }
        return made;
    }

    /**
     * Everything to one cluster. Envoy's limit of 15 s on a whole exchange stays where requests are short; streams of
     * gRPC live as long as their callers' deadlines say.
     */
    public static Route everything(String cluster, AppProtocol protocol) {
        RouteAction.Builder action = RouteAction.newBuilder().setCluster(cluster);
        if (protocol == AppProtocol.H2C) {
            action.setTimeout(Duration.getDefaultInstance());
        }
        return Route.newBuilder()
                .setName("default")
                .setMatch(Matches.of(RouteMatch.EVERYTHING))
                .setRoute(action)
                .build();
    }

    /**
     * The end of a CONNECT to a service port: its bytes go to a cluster.
     *
     * @param cluster the service's own where nothing is known of its protocol, else the one that leads to the internal
     *     listener which finds out what is spoken inside
     */
    public static Route connect(String cluster) {
        RouteAction.Builder action = RouteAction.newBuilder().setCluster(cluster);
        return Route.newBuilder()
                .setName("connect")
                .setMatch(Matches.connect())
                .setRoute(action.addUpgradeConfigs(UpgradeConfig.newBuilder()
                        .setUpgradeType("CONNECT")
                        .setConnectConfig(ConnectConfig.getDefaultInstance())))
                .build();
    }

    /** Mostly one route; two where a prefix is replaced by the root, see {@link Prefixes}. */
    private List<Route> of(Precedence.Candidate candidate) {
        HttpRoute.Rule rule = candidate.rule();
        Route.Builder route = Route.newBuilder()
                .setName(candidate.route().meta().namespace() + "/"
                        + candidate.route().meta().name() + "/" + candidate.ruleIndex())
                .setMatch(Matches.of(candidate.match()));
        String replacement = null;
        RouteFilter.Redirect redirect = null;
        RouteFilter.Rewrite rewrite = null;
        for (RouteFilter filter : rule.filters()) {
            switch (filter) {
                case RouteFilter.RequestHeaders headers ->
                    route.addAllRequestHeadersToAdd(HeaderEdits.additions(headers.edit()))
                            .addAllRequestHeadersToRemove(headers.edit().remove());
                case RouteFilter.ResponseHeaders headers ->
                    route.addAllResponseHeadersToAdd(HeaderEdits.additions(headers.edit()))
                            .addAllResponseHeadersToRemove(headers.edit().remove());
                case RouteFilter.Redirect each -> redirect = each;
                case RouteFilter.Rewrite each -> rewrite = each;
            }
        }
        if (redirect != null) {
            route.setRedirect(Actions.redirect(redirect));
            replacement = redirect.path() instanceof RouteFilter.PathChange.Prefix prefix ? prefix.value() : null;
        } else if (!Actions.anyResolved(candidate.route(), rule, attachments)) {
            route.setDirectResponse(Actions.unresolved());
        } else {
            RouteAction.Builder action = Actions.forward(candidate.route(), rule, attachments);
            if (rewrite != null && rewrite.hostname() != null) {
                action.setHostRewriteLiteral(rewrite.hostname());
            }
            route.setRoute(action);
            replacement = rewrite == null ? null : rewrite.prefix();
        }
        return replacement == null ? List.of(route.build()) : Prefixes.replace(route, candidate.match(), replacement);
    }
}
