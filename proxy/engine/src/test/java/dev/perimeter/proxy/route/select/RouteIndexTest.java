package dev.perimeter.proxy.route.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which virtual host an authority leads to; the table is Envoy's, for both values of its switch. */
class RouteIndexTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // authority, found as it stands, found when the port is ignored
                "shop.example.com, shop.example.com, shop.example.com",
                "shop.example.com:8080, *.example.com:8080, shop.example.com",
                "SHOP.example.com:8080, *.example.com:8080, shop.example.com",
                "a.example.com:8080, *.example.com:8080, *.example.com",
                "a.example.com, *.example.com, *.example.com",
                "payment:8080, payment:8080, -",
                "payment:9090, -, -",
                "payment, -, -",
                "[::1]:8080, -, [::1]",
            })
    void authority_portCountsUnlessTheTableIgnoresIt(
            String authority, @Nullable String exactly, @Nullable String withoutPort) {
        assertThat(found(authority, false)).isEqualTo(exactly);
        assertThat(found(authority, true)).isEqualTo(withoutPort);
    }

    private static @Nullable String found(String authority, boolean ignorePort) {
        List<VirtualHost> hosts = Stream.of(
                        "shop.example.com", "*.example.com", "*.example.com:8080", "payment:8080", "[::1]")
                .map(RouteIndexTest::host)
                .toList();
        RouteTable table = new RouteTable("table", hosts, List.of(), List.of(), ignorePort);
        return switch (RouteIndex.of(table)) {
            case Parsed.Bad<RouteIndex> bad -> throw new AssertionError(bad.sentence());
            case Parsed.Ok<RouteIndex>(RouteIndex index) -> {
                RouteRule rule = index.select(
                        new RequestHead("GET", "http", authority, "/", "HTTP/1.1", new Headers()),
                        new SplittableRandom(1));
                yield rule == null ? null : rule.route().name();
            }
        };
    }

    private static VirtualHost host(String domain) {
        RouteMatch everything = new RouteMatch(new RouteMatch.PathMatch.Prefix("/"), List.of(), List.of());
        RouteAction answer = new RouteAction.DirectResponse(200, "");
        return new VirtualHost(
                domain,
                List.of(domain),
                List.of(new Route(domain, everything, answer, List.of(), List.of(), Map.of())));
    }
}
