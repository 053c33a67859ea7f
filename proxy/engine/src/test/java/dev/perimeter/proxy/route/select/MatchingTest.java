package dev.perimeter.proxy.route.select;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Exact;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Prefix;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test.Present;
import java.util.List;
import java.util.SplittableRandom;
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

    private static boolean matches(RouteMatch match, RequestHead request) {
        return Matching.matches(match, request, Matching.compared(request.path(), false), new SplittableRandom(1));
    }

    private static boolean path(PathMatch match, String path) {
        return matches(new RouteMatch(match, List.of(), List.of()), request("GET", path));
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

        assertThat(matches(connect, request("CONNECT", ""))).isTrue();
        assertThat(matches(all, request("CONNECT", ""))).isFalse();
        assertThat(matches(connect, request("GET", "/"))).isFalse();
    }

    private static boolean header(ValueMatch condition, String... headers) {
        return matches(
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

        assertThat(matches(match, request("GET", path))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"5, true", "0, true", "10, false", "-1, false", "5x, false", "'', false", "99999999999999999999, false"
    })
    void range_holdsWholeNumbersWithoutItsEnd(String value, boolean matches) {
        assertThat(header(new ValueMatch("x-n", new ValueMatch.Test.Range(0, 10), false), "x-n", value))
                .isEqualTo(matches);
    }

    @Test
    void missingHeader_countsAsEmptyIfAsked() {
        ValueMatch empty = new ValueMatch("x-v", new ValueMatch.Test.Regex(Pattern.compile("^$")), false, true);
        assertThat(header(empty)).isTrue();
        assertThat(header(new ValueMatch("x-v", empty.test(), false, false))).isFalse();
        assertThat(header(new ValueMatch("x-v", new ValueMatch.Test.Range(0, 10), true, true)))
                .isTrue();
    }

    @Test
    void case_isLeftOutOfTheComparisonIfAsked() {
        assertThat(path(new PathMatch.Exact("/Shop", true), "/sHOP?q")).isTrue();
        assertThat(path(new PathMatch.ElementPrefix("/Shop", true), "/shop/1")).isTrue();
        assertThat(path(new PathMatch.ElementPrefix("/Shop", true), "/shops")).isFalse();
        assertThat(header(new ValueMatch("x-v", new ValueMatch.Test.Contains("BC", true), false), "x-v", "abcd"))
                .isTrue();
        assertThat(header(new ValueMatch("x-v", new ValueMatch.Test.Suffix("CD", true), false), "x-v", "abcd"))
                .isTrue();
        assertThat(header(new ValueMatch("x-v", new ValueMatch.Test.Suffix("abcd", false), false), "x-v", "cd"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc, true",
        "application/grpc+proto, true",
        "application/grpc-web, false",
        "text/plain, false"
    })
    void grpc_isToldByItsContentType(String type, boolean matches) {
        RouteMatch grpc = new RouteMatch(new PathMatch.Prefix("/"), List.of(), List.of(), true, null);
        assertThat(matches(grpc, request("POST", "/", "content-type", type))).isEqualTo(matches);
    }

    @Test
    void share_takesAboutThatManyRequests() {
        RouteMatch tenth =
                new RouteMatch(new PathMatch.Prefix("/"), List.of(), List.of(), false, new RouteMatch.Share(10, 100));
        SplittableRandom random = new SplittableRandom(7);
        long taken = java.util.stream.IntStream.range(0, 10_000)
                .filter(i -> Matching.matches(tenth, request("GET", "/"), "/", random))
                .count();
        assertThat(taken).isBetween(850L, 1150L);
    }

    @Test
    void parameters_endThePathIfTheTableSaysSo() {
        assertThat(Matching.compared("/a;v=1/b?c", true)).isEqualTo("/a");
        assertThat(Matching.compared("/a;v=1/b?c;d", false)).isEqualTo("/a;v=1/b");
        assertThat(Matching.compared("/a?c;d", true)).isEqualTo("/a");
    }
}
