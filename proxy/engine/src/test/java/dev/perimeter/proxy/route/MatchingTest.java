package dev.perimeter.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Exact;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Prefix;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Present;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatchingTest {

    private static RequestHead request(String method, String path, String... headers) {
        Headers block = new Headers();
        for (int i = 0; i < headers.length; i += 2) {
            block.add(headers[i], headers[i + 1]);
        }
        return new RequestHead(method, "http", "a", path, "HTTP/1.1", block);
    }

    private static boolean path(PathMatch match, String path) {
        return Matching.matches(new RouteMatch(match, List.of(), List.of()), request("GET", path));
    }

    @ParameterizedTest
    @CsvSource({
        "/orders, /orders, true",
        "/orders, /orders/1, true",
        "/orders, /orders?x=1, true",
        "/orders, /orders-admin, false",
        "/orders/, /orders, true",
        "/orders/, /orders/1, true",
        "/, /anything, true"
    })
    void elementPrefix_matchesWholeElements(String prefix, String path, boolean matches) {
        assertThat(path(new PathMatch.ElementPrefix(prefix), path)).isEqualTo(matches);
    }

    @Test
    void exactAndRegex_seeThePathWithoutItsQuery() {
        assertThat(path(new PathMatch.Exact("/a"), "/a?b=c")).isTrue();
        assertThat(path(new PathMatch.Exact("/a"), "/a/")).isFalse();
        assertThat(path(new PathMatch.Regex(Pattern.compile("/v[0-9]+/.*")), "/v1/x?y"))
                .isTrue();
        assertThat(path(new PathMatch.Regex(Pattern.compile("/v[0-9]+")), "/v1/x"))
                .isFalse();
    }

    @Test
    void connect_isForItsOwnRoutesOnly() {
        RouteMatch connect = new RouteMatch(new PathMatch.Connect(), List.of(), List.of());
        RouteMatch all = new RouteMatch(new PathMatch.Prefix("/"), List.of(), List.of());

        assertThat(Matching.matches(connect, request("CONNECT", ""))).isTrue();
        assertThat(Matching.matches(all, request("CONNECT", ""))).isFalse();
        assertThat(Matching.matches(connect, request("GET", "/"))).isFalse();
    }

    private static boolean header(ValueMatch condition, String... headers) {
        return Matching.matches(
                new RouteMatch(new PathMatch.Prefix("/"), List.of(condition), List.of()),
                request("POST", "/", headers));
    }

    @Test
    void headers_meetTheirConditions() {
        assertThat(header(new ValueMatch("x-v", new Exact("1"), false), "X-V", "1"))
                .isTrue();
        assertThat(header(new ValueMatch("x-v", new Exact("1,2"), false), "X-V", "1", "x-v", "2"))
                .isTrue();
        assertThat(header(new ValueMatch("x-v", new Exact("1"), true), "X-V", "2"))
                .isTrue();
        assertThat(header(new ValueMatch("x-v", new Exact("1"), true))).isFalse();
        assertThat(header(new ValueMatch("x-v", new Present(), true))).isTrue();
        assertThat(header(new ValueMatch(":method", new Exact("POST"), false))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"/?v=1, true", "/?a=b&v=1, true", "/?v=2, false", "/?vv=1, false", "/, false", "/?v, false"})
    void query_isComparedByName(String path, boolean matches) {
        RouteMatch match = new RouteMatch(
                new PathMatch.Prefix("/"), List.of(), List.of(new ValueMatch("v", new Prefix("1"), false)));

        assertThat(Matching.matches(match, request("GET", path))).isEqualTo(matches);
    }
}
