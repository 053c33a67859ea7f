package dev.perimeter.controlplane.translate.route;

import dev.perimeter.controlplane.model.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/**
 * Replaces a matched prefix as the Gateway API means it, element by element, with Envoy's {@code prefix_rewrite},
 * which works character by character. The two differ where one of the prefixes is the root:
 *
 * <ul>
 *   <li>{@code /a} by {@code /}: {@code /a/b} must become {@code /b}, not {@code //b}. So {@code /a} alone and what
 *       starts with {@code /a/} become two routes.
 *   <li>{@code /} by {@code /a}: {@code /b} must become {@code /a/b}, not {@code /ab}.
 * </ul>
 */
final class Prefixes {
    private Prefixes() {}

    static List<Route> replace(Route.Builder route, RouteMatch match, String replacement) {
        String matched = match.path().value();
        String bare = replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
        if (matched.equals("/")) {
            return List.of(with(route, bare + "/"));
        }
        if (!bare.isEmpty()) {
            return List.of(with(route, bare));
        }
        Route.Builder alone = route.clone();
        alone.getMatchBuilder().setPath(matched);
        Route.Builder below = route.clone();
        below.getMatchBuilder().setPrefix(matched + "/");
        return List.of(with(alone, "/"), with(below, "/"));
    }

    private static Route with(Route.Builder route, String prefix) {
        if (route.hasRedirect()) {
            route.getRedirectBuilder().setPrefixRewrite(prefix);
        } else if (route.hasRoute()) {
            route.getRouteBuilder().setPrefixRewrite(prefix);
        }
        return route.build();
    }
}
