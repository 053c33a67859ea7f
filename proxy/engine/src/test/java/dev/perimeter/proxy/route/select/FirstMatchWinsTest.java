package dev.perimeter.proxy.route.select;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.route.path.UriTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the table, the index finds the route that looking at one after the other would find. */
class FirstMatchWinsTest {

    private static final int TABLES = 400;
    private static final int REQUESTS = 60;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void randomTables_indexAndScanAgree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int table = 0; table < TABLES; table++) {
            List<Route> routes = routes(random);
            RouteIndex index = index(routes);
            for (int i = 0; i < REQUESTS; i++) {
                RequestHead request = request(random);
                RouteRule found = index.select(request, random);
                assertThat(found == null ? null : found.route().name())
                        .as("%s among %s", request.path(), routes)
                        .isEqualTo(scan(routes, request));
                assertThat(Explainer.explain(index, request).rule())
                        .as("what is explained is what is done")
                        .isSameAs(found);
            }
        }
    }

    private static @Nullable String scan(List<Route> routes, RequestHead request) {
        String path = Matching.compared(request.path(), false);
        for (Route route : routes) {
            if (Matching.matches(route.match(), request, path, new SplittableRandom(1))) {
                return route.name();
            }
        }
        return null;
    }

    @Test
    void tenThousandRoutes_aPathMeetsOnlyThoseThatBeginIt() {
        List<RouteRule> rules = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            PathMatch path = i % 2 == 0
                    ? new PathMatch.Exact("/shop/item-" + i)
                    : new PathMatch.ElementPrefix("/shop/item-" + i);
            rules.add(rule(new Route(
                    "r" + i, new RouteMatch(path, List.of(), List.of()), answer(), List.of(), List.of(), Map.of())));
        }
        PathIndex index = PathIndex.of(rules);
        assertThat(index.first("/shop/item-9999/parts")).isEqualTo(9999);
        PathIndex.Candidates candidates = index.candidates("/shop/item-9999/parts");
        assertThat(candidates.next()).isEqualTo(9999);
        assertThat(candidates.next())
                .as("item-9 begins its characters, not its elements")
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(index.first("/shop/item-5000")).isEqualTo(5000);
        assertThat(index.first("/other")).isEqualTo(Integer.MAX_VALUE);
    }

    private static List<Route> routes(SplittableRandom random) {
        List<Route> routes = new ArrayList<>();
        int count = random.nextInt(1, 40);
        for (int i = 0; i < count; i++) {
            List<ValueMatch> headers = random.nextInt(3) == 0
                    ? List.of(new ValueMatch(
                            "x-v",
                            new ValueMatch.Test.Exact(Integer.toString(random.nextInt(3))),
                            random.nextInt(4) == 0))
                    : List.of();
            routes.add(new Route(
                    "r" + i,
                    new RouteMatch(path(random), headers, List.of()),
                    answer(),
                    List.of(),
                    List.of(),
                    Map.of()));
        }
        return routes;
    }

    private static PathMatch path(SplittableRandom random) {
        String text = text(random);
        return switch (random.nextInt(9)) {
            case 0, 1 -> new PathMatch.Exact(text);
            case 2, 3 -> new PathMatch.Prefix(text);
            case 4, 5 -> new PathMatch.ElementPrefix(text);
            case 6 -> new PathMatch.Regex(Pattern.compile(Pattern.quote(text) + "/?[ab]*"));
            case 7 -> new PathMatch.Prefix(text.toUpperCase(java.util.Locale.ROOT), true);
            default -> template(text);
        };
    }

    private static PathMatch template(String text) {
        return UriTemplate.parse(text + "/*") instanceof Parsed.Ok<UriTemplate>(UriTemplate template)
                ? new PathMatch.Template(template)
                : new PathMatch.Connect();
    }

    /** Few letters, so that texts begin each other often. */
    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder("/");
        int length = random.nextInt(6);
        for (int i = 0; i < length; i++) {
            text.append("ab/".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    private static RequestHead request(SplittableRandom random) {
        Headers headers = new Headers();
        if (random.nextBoolean()) {
            headers.add("x-v", Integer.toString(random.nextInt(3)));
        }
        String query = random.nextInt(3) == 0 ? "?a=b" : "";
        return new RequestHead("GET", "http", "a", text(random) + query, "HTTP/1.1", headers);
    }

    private static RouteAction answer() {
        return new RouteAction.DirectResponse(200, "");
    }

    private static RouteRule rule(Route route) {
        return new RouteRule(
                route,
                dev.perimeter.proxy.route.HeaderEdits.NONE,
                dev.perimeter.proxy.route.HeaderEdits.NONE,
                List.of());
    }

    private static RouteIndex index(List<Route> routes) {
        RouteTable table = new RouteTable(
                "table", List.of(new VirtualHost("all", List.of("*"), routes)), List.of(), List.of(), false);
        return switch (RouteIndex.of(table)) {
            case Parsed.Ok<RouteIndex>(RouteIndex index) -> index;
            case Parsed.Bad<RouteIndex> bad -> throw new AssertionError(bad.sentence());
        };
    }
}
