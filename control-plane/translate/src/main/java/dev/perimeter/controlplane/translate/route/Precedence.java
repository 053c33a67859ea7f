package dev.perimeter.controlplane.translate.route;

import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.RouteMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings the matches of several HTTPRoutes into the one order in which they are tried: "the most specific wins", as
 * the Gateway API says at {@code HTTPRouteRule.matches}. Where it leaves a choice (regular expressions) they stand
 * between exact paths and prefixes.
 */
final class Precedence {
    /** One match of one rule of one route. */
    record Candidate(HttpRoute route, int ruleIndex, int matchIndex) {
        HttpRoute.Rule rule() {
            return route.rules().get(ruleIndex);
        }

        RouteMatch match() {
            return rule().matches().get(matchIndex);
        }
    }

    private static final Comparator<Candidate> ORDER = Comparator.comparingInt(Precedence::pathKind)
            .thenComparing(candidate -> candidate.match().path().value().length(), Comparator.reverseOrder())
            .thenComparing(candidate -> candidate.match().method() == null)
            .thenComparing(candidate -> candidate.match().headers().size(), Comparator.reverseOrder())
            .thenComparing(candidate -> candidate.match().queryParams().size(), Comparator.reverseOrder())
            .thenComparing(Precedence::created)
            .thenComparing(candidate -> candidate.route().meta().namespace())
            .thenComparing(candidate -> candidate.route().meta().name())
            .thenComparingInt(Candidate::ruleIndex)
            .thenComparingInt(Candidate::matchIndex);

    private Precedence() {}

    /** Every match of the routes, the one to try first at the front. */
    static List<Candidate> order(List<HttpRoute> routes) {
        List<Candidate> candidates = new ArrayList<>();
        for (HttpRoute route : routes) {
            for (int rule = 0; rule < route.rules().size(); rule++) {
                for (int match = 0; match < route.rules().get(rule).matches().size(); match++) {
                    candidates.add(new Candidate(route, rule, match));
                }
            }
        }
        candidates.sort(ORDER);
        return candidates;
    }

    private static int pathKind(Candidate candidate) {
        return switch (candidate.match().path()) {
            case RouteMatch.Path.Exact exact -> 0;
            case RouteMatch.Path.Regex regex -> 1;
            case RouteMatch.Path.Prefix prefix -> 2;
        };
    }

    /** Files have no time of creation; they come after what has one, and by name among themselves. */
    private static Instant created(Candidate candidate) {
        Instant created = candidate.route().meta().created();
        return created == null ? Instant.MAX : created;
    }
}
