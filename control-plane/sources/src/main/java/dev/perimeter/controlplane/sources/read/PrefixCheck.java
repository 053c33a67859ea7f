package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteFilter.PathChange;
import dev.perimeter.controlplane.model.RouteMatch;
import dev.perimeter.controlplane.sources.field.Fields;
import java.util.List;

/** The rule of the API that a prefix can only be replaced where exactly one was matched. */
final class PrefixCheck {
    private PrefixCheck() {}

    static void check(Fields rule, List<RouteMatch> matches, List<RouteFilter> filters) {
        boolean replaces = filters.stream().anyMatch(PrefixCheck::replacesPrefix);
        boolean onePrefix =
                matches.isEmpty() || matches.size() == 1 && matches.getFirst().path() instanceof RouteMatch.Path.Prefix;
        if (replaces && !onePrefix) {
            rule.problem(
                    "filters",
                    "replace the matched prefix, but the rule does not have exactly one match with a path prefix.",
                    "Use one match of type PathPrefix, or ReplaceFullPath in a redirect.");
        }
    }

    private static boolean replacesPrefix(RouteFilter filter) {
        return switch (filter) {
            case RouteFilter.Redirect redirect -> redirect.path() instanceof PathChange.Prefix;
            case RouteFilter.Rewrite rewrite -> rewrite.prefix() != null;
            case RouteFilter.RequestHeaders headers -> false;
            case RouteFilter.ResponseHeaders headers -> false;
        };
    }
}
