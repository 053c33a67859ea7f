package dev.perimeter.proxy.sidecar.admin.explain;

import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.Location;
import dev.perimeter.proxy.route.Rewrite;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.route.select.Explanation;
import dev.perimeter.proxy.route.select.RouteRule;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The steps of an explanation as a tree that can be written as JSON or as text. */
final class Steps {

    private Steps() {}

    static void add(
            Map<String, Object> answer,
            Explanation why,
            HttpManagerConfig manager,
            Snapshot snapshot,
            RequestHead request) {
        answer.put("route_config", why.table());
        answer.put("virtual_host", why.virtualHost());
        answer.put("because", why.hostReason());
        List<Object> tried = new ArrayList<>();
        why.tried().forEach(each -> tried.add(name(each.position(), each.route()) + ": " + each.reason()));
        if (why.notShown() > 0) {
            tried.add("and " + why.notShown() + " more");
        }
        answer.put("not_taken", tried);
        RouteRule rule = why.rule();
        if (rule == null) {
            answer.put("result", "no route: 404");
            return;
        }
        Route route = rule.route();
        answer.put("route", why.position() < 0 ? "(to https)" : name(why.position(), route.name()));
        if (!why.remarks().isEmpty()) {
            answer.put("remarks", why.remarks());
        }
        action(answer, route, snapshot, request);
        answer.put("filters", filters(manager, route));
    }

    private static String name(int position, String name) {
        return "routes[" + position + "]" + (name.isEmpty() ? "" : " '" + name + "'");
    }

    private static void action(Map<String, Object> answer, Route route, Snapshot snapshot, RequestHead request) {
        switch (route.action()) {
            case RouteAction.DirectResponse direct ->
                answer.put(
                        "result",
                        "direct response " + direct.status() + ", "
                                + direct.body().length() + " characters");
            case RouteAction.Redirect redirect ->
                answer.put("result", "redirect " + redirect.status() + " to " + Location.of(request, route, redirect));
            case RouteAction.Forward forward -> forward(answer, route, forward, snapshot, request);
        }
    }

    private static void forward(
            Map<String, Object> answer,
            Route route,
            RouteAction.Forward forward,
            Snapshot snapshot,
            RequestHead request) {
        answer.put("result", "forward");
        String header = forward.selection().clusterHeader();
        if (header != null) {
            answer.put("clusters", List.of("the one that header '" + header + "' names"));
        } else {
            long sum = Math.max(
                    1,
                    forward.clusters().stream()
                            .mapToLong(WeightedCluster::weight)
                            .sum());
            List<Object> clusters = new ArrayList<>();
            for (WeightedCluster cluster : forward.clusters()) {
                clusters.add(cluster.cluster() + " (" + cluster.weight() + " of " + sum + ")"
                        + (snapshot.clusters().containsKey(cluster.cluster())
                                ? ""
                                : ", which is not known: " + forward.noClusterStatus()));
            }
            answer.put("clusters", clusters);
        }
        Rewrite.apply(request, route, forward.rewrite(), null, false);
        Map<String, Object> upstream = new LinkedHashMap<>();
        upstream.put("host", request.authority());
        upstream.put("path", request.path());
        answer.put("upstream_sees", upstream);
        answer.put("timeout", forward.timeouts().route().toMillis() + " ms");
    }

    private static List<Object> filters(HttpManagerConfig manager, Route route) {
        List<Object> filters = new ArrayList<>();
        for (NamedFilter filter : manager.filters()) {
            RouteFilter own = route.filterConfigs().get(filter.name());
            boolean off = own == null ? filter.disabled() : own.disabled();
            filters.add(filter.name()
                    + (off ? " (disabled here)" : own == null ? "" : " (configured by the route or what it is in)"));
        }
        return filters;
    }
}
