package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.HeaderEdit;
import dev.perimeter.proxy.route.HeaderEdits;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.RouteAction.OfCluster;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.WeightedChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A route with its header edits ready to run, those of the table after its own (Envoy: from the most specific to the
 * least, so the least specific has the last word, unless the table wants it the other way round).
 *
 * @param targets one for each cluster of a route that forwards, in the order of the clusters
 */
public record RouteRule(Route route, HeaderEdits requestHeaders, HeaderEdits responseHeaders, List<Target> targets) {

    private static final int MOVED_PERMANENTLY = 301;

    static Parsed<RouteRule> of(Route route, RouteTable table) {
        EditOrder order = new EditOrder(route, table);
        return switch (order.edits(OfCluster.NOTHING)) {
            case Parsed.Bad<EditOrder.Both> bad -> new Parsed.Bad<>(bad.path(), bad.reason());
            case Parsed.Ok<EditOrder.Both>(EditOrder.Both own) ->
                targets(route, order).map(targets -> new RouteRule(route, own.request(), own.response(), targets));
        };
    }

    /** Sends a request to the same place by https. */
    static RouteRule toTls() {
        RouteAction redirect = new RouteAction.Redirect(MOVED_PERMANENTLY, "https", null, -1, null, null);
        Route route = new Route(
                "",
                new RouteMatch(new RouteMatch.PathMatch.Prefix(""), List.of(), List.of()),
                redirect,
                List.of(),
                List.of(),
                Map.of());
        return new RouteRule(route, HeaderEdits.NONE, HeaderEdits.NONE, List.of());
    }

    private static Parsed<List<Target>> targets(Route route, EditOrder order) {
        if (!(route.action() instanceof Forward forward)) {
            return new Parsed.Ok<>(List.of());
        }
        List<WeightedCluster> clusters =
                forward.selection().clusterHeader() == null ? forward.clusters() : List.of(new WeightedCluster("", 1));
        List<Target> targets = new ArrayList<>(clusters.size());
        for (WeightedCluster cluster : clusters) {
            Map<String, String> metadata = new HashMap<>(forward.selection().metadata());
            metadata.putAll(cluster.own().metadata());
            switch (order.edits(cluster.own())) {
                case Parsed.Bad<EditOrder.Both> bad -> {
                    return new Parsed.Bad<>("weighted_clusters[" + cluster.cluster() + "]", bad.sentence());
                }
                case Parsed.Ok<EditOrder.Both>(EditOrder.Both edits) ->
                    targets.add(new Target(
                            cluster.cluster(),
                            edits.request(),
                            edits.response(),
                            cluster.own().host(),
                            Map.copyOf(metadata),
                            cluster.own().filterConfigs()));
            }
        }
        return new Parsed.Ok<>(List.copyOf(targets));
    }

    /** As {@link #target(Forward, RequestHead, RandomGenerator)}; null, too, where the route does not forward. */
    public @Nullable Target target(RequestHead request, RandomGenerator random) {
        return route.action() instanceof Forward forward ? target(forward, request, random) : null;
    }

    /** What is said of filters for requests that go there. */
    public Map<String, RouteFilter> filterConfigs(@Nullable Target target) {
        return target == null || target.filterConfigs().isEmpty() ? route.filterConfigs() : target.filterConfigs();
    }

    /**
     * Where a request goes; null when no cluster has a weight. A header that should name the cluster and is not there
     * gives a target with an empty name.
     */
    private @Nullable Target target(Forward forward, RequestHead request, RandomGenerator random) {
        if (targets.size() == 1 && forward.selection() == RouteAction.Selection.BY_WEIGHT) {
            return named(targets.getFirst(), ofCluster(forward, 0).clusterHeader(), request);
        }
        String header = forward.selection().clusterHeader();
        if (header != null) {
            return named(targets.getFirst(), header, request);
        }
        Long drawn = drawn(forward.selection().randomHeader(), request);
        int index = drawn == null
                ? WeightedChoice.index(forward.clusters(), random)
                : WeightedChoice.index(forward.clusters(), drawn);
        return index < 0
                ? null
                : named(targets.get(index), ofCluster(forward, index).clusterHeader(), request);
    }

    private static OfCluster ofCluster(Forward forward, int index) {
        return forward.clusters().get(index).own();
    }

    private static Target named(Target target, @Nullable String header, RequestHead request) {
        if (header == null) {
            return target;
        }
        String name = ValueConditions.header(header, request);
        return target.to(name == null ? "" : name);
    }

    /** What is no number leaves the choice to chance. */
    private static @Nullable Long drawn(@Nullable String header, RequestHead request) {
        String text = header == null ? null : ValueConditions.header(header, request);
        if (text == null || text.isEmpty() || text.length() > 19) {
            return null;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** Puts the edits of cluster, route (with its host) and table into the order that the table wants. */
    private record EditOrder(Route route, RouteTable table) {

        record Both(HeaderEdits request, HeaderEdits response) {}

        Parsed<Both> edits(OfCluster own) {
            return switch (HeaderEdits.of(
                    ordered(own.requestHeaders(), route.requestHeaders(), table.requestHeaders()))) {
                case Parsed.Bad<HeaderEdits> bad -> new Parsed.Bad<>("request_headers_to_add", bad.sentence());
                case Parsed.Ok<HeaderEdits>(HeaderEdits request) ->
                    switch (HeaderEdits.of(
                            ordered(own.responseHeaders(), route.responseHeaders(), table.responseHeaders()))) {
                        case Parsed.Bad<HeaderEdits> bad -> new Parsed.Bad<>("response_headers_to_add", bad.sentence());
                        case Parsed.Ok<HeaderEdits>(HeaderEdits response) ->
                            new Parsed.Ok<>(new Both(request, response));
                    };
            };
        }

        private List<HeaderEdit> ordered(List<HeaderEdit> cluster, List<HeaderEdit> own, List<HeaderEdit> outer) {
            boolean specificLast = table.options().specificWins();
            List<HeaderEdit> all = new ArrayList<>(specificLast ? outer : cluster);
            all.addAll(own);
            all.addAll(specificLast ? cluster : outer);
            return all;
        }
    }
}
