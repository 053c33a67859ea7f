package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.resilience.ResilienceReader;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One route of a virtual host. What the host says for all its routes is put into each. */
final class RouteReader {

    static final FieldList FIELDS = ResilienceReader.route(
                    FieldList.of(io.envoyproxy.envoy.config.route.v3.Route::getDescriptor))
            .honoured(
                    io.envoyproxy.envoy.config.route.v3.Route.NAME_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.Route.TYPED_PER_FILTER_CONFIG_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.Route.REQUEST_HEADERS_TO_REMOVE_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.Route.RESPONSE_HEADERS_TO_REMOVE_FIELD_NUMBER)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.MATCH_FIELD_NUMBER, RouteMatchReader.FIELDS)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.ROUTE_FIELD_NUMBER, RouteActionReader.FIELDS)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.REDIRECT_FIELD_NUMBER, OwnReplyReader.REDIRECT)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.DIRECT_RESPONSE_FIELD_NUMBER, OwnReplyReader.DIRECT)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.REQUEST_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .inside(io.envoyproxy.envoy.config.route.v3.Route.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER, HeaderEdits.FIELDS)
            .harmless(
                    io.envoyproxy.envoy.config.route.v3.Route.METADATA_FIELD_NUMBER,
                    // Names the spans of traces, of which there are none yet.
                    io.envoyproxy.envoy.config.route.v3.Route.DECORATOR_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.route.v3.Route.STAT_PREFIX_FIELD_NUMBER);

    private final FilterCatalogue filters;
    private final RouteConfiguration table;
    private final List<HeaderEdit> hostRequestHeaders;
    private final List<HeaderEdit> hostResponseHeaders;
    private final Map<String, RouteFilter> outerConfigs;
    private final ResilienceReader resilience;

    RouteReader(
            FilterCatalogue filters,
            RouteConfiguration table,
            VirtualHost host,
            Map<String, RouteFilter> tableConfigs,
            Place tablePlace,
            Place hostPlace) {
        this.filters = filters;
        this.resilience = new ResilienceReader(table, tablePlace, host, hostPlace);
        this.table = table;
        hostRequestHeaders =
                HeaderEdits.request(host.getRequestHeadersToRemoveList(), host.getRequestHeadersToAddList(), hostPlace);
        hostResponseHeaders = HeaderEdits.response(
                host.getResponseHeadersToRemoveList(), host.getResponseHeadersToAddList(), hostPlace);
        outerConfigs = filters.perRoute(tableConfigs, host.getTypedPerFilterConfigMap(), hostPlace);
    }

    Route read(io.envoyproxy.envoy.config.route.v3.Route route, Place place) {
        RouteMatch match = RouteMatchReader.read(route.getMatch(), place.in("match"));
        RouteAction action = switch (route.getActionCase()) {
            case ROUTE ->
                RouteActionReader.read(
                        route.getRoute(), match.path(), resilience.read(route, place), place.in("route"));
            case REDIRECT -> OwnReplyReader.redirect(route.getRedirect(), place.in("redirect"));
            case DIRECT_RESPONSE ->
                OwnReplyReader.direct(route.getDirectResponse(), mostBody(), place.in("direct_response"));
            default -> {
                place.refuse("needs one of route, redirect and direct_response");
                yield new RouteAction.DirectResponse(404, "");
            }
        };
        checkTunnel(match, action, place);
        Map<String, RouteFilter> configs = filters.perRoute(outerConfigs, route.getTypedPerFilterConfigMap(), place);
        return new Route(
                route.getName(),
                match,
                withFilters(action, route.getRoute().getWeightedClusters(), configs, place),
                withHost(
                        HeaderEdits.request(
                                route.getRequestHeadersToRemoveList(), route.getRequestHeadersToAddList(), place),
                        hostRequestHeaders),
                withHost(
                        HeaderEdits.response(
                                route.getResponseHeadersToRemoveList(), route.getResponseHeadersToAddList(), place),
                        hostResponseHeaders),
                configs);
    }

    /** What weighted clusters say of filters, inside what their route says. */
    private RouteAction withFilters(
            RouteAction action, WeightedCluster weighted, Map<String, RouteFilter> outer, Place place) {
        boolean any = weighted.getClustersList().stream().anyMatch(one -> one.getTypedPerFilterConfigCount() > 0);
        if (!any || !(action instanceof RouteAction.Forward forward)) {
            return action;
        }
        List<RouteAction.WeightedCluster> clusters = new ArrayList<>();
        for (int i = 0; i < forward.clusters().size(); i++) {
            RouteAction.WeightedCluster cluster = forward.clusters().get(i);
            Map<String, Any> own = weighted.getClusters(i).getTypedPerFilterConfigMap();
            Place here = place.in("route").in("weighted_clusters").in("clusters", i);
            clusters.add(
                    own.isEmpty()
                            ? cluster
                            : new RouteAction.WeightedCluster(
                                    cluster.cluster(),
                                    cluster.weight(),
                                    cluster.own().with(filters.perRoute(outer, own, here))));
        }
        return forward.to(List.copyOf(clusters));
    }

    private int mostBody() {
        return table.hasMaxDirectResponseBodySizeBytes()
                ? Amounts.limit(table.getMaxDirectResponseBodySizeBytes())
                : DirectBodyReader.DEFAULT_MOST;
    }

    private static void checkTunnel(RouteMatch match, RouteAction action, Place place) {
        boolean tunnel = action instanceof RouteAction.Forward forward && forward.tunnel();
        boolean connect = match.path() instanceof RouteMatch.PathMatch.Connect;
        if (connect && action instanceof RouteAction.Forward && !tunnel) {
            place.in("route").in("upgrade_configs").refuse("a route for CONNECT needs {CONNECT, connect_config: {}}");
        }
        if (tunnel && !connect) {
            place.in("route").in("upgrade_configs").refuse("CONNECT needs match.connect_matcher");
        }
    }

    /** The last edit has the last word, which the table gives to the host or to the route. */
    private List<HeaderEdit> withHost(List<HeaderEdit> own, List<HeaderEdit> host) {
        if (host.isEmpty()) {
            return own;
        }
        boolean specificLast = table.getMostSpecificHeaderMutationsWins();
        List<HeaderEdit> both = new ArrayList<>(specificLast ? host : own);
        both.addAll(specificLast ? own : host);
        return List.copyOf(both);
    }
}
