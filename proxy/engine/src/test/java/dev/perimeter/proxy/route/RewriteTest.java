package dev.perimeter.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteAction.Redirect;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RewriteTest {

    private static RequestHead request(String path) {
        return new RequestHead("GET", "http", "shop:8080", path, "HTTP/1.1", new Headers());
    }

    private static Route route(PathMatch match, RouteAction action) {
        return new Route("r", new RouteMatch(match, List.of(), List.of()), action, List.of(), List.of(), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /v1, /api/x?q, /v1/x?q",
        "/api, /, /api/x, /x",
        "/api, /, /api, /",
        "/api, /, /api?q, /?q",
        "/api/, /v1/, /api/x, /v1/x",
        "/api, /v1/, /api, /v1/"
    })
    void prefixByElements_keepsSlashesSingle(String prefix, String replacement, String path, String expected) {
        RouteAction.Forward forward = new RouteAction.Forward(
                List.of(),
                new Timeouts(Duration.ZERO, Duration.ZERO),
                new RequestRewrite("other", replacement),
                Resilience.NONE,
                List.of(),
                false,
                503);
        RequestHead request = request(path);

        Rewrite.apply(request, route(new PathMatch.ElementPrefix(prefix), forward), forward.rewrite(), null, false);

        assertThat(request.path()).isEqualTo(expected);
        assertThat(request.authority()).isEqualTo("other");
    }

    @Test
    void location_takesThePartsTheRedirectNames() {
        assertThat(location(new Redirect(302, "https", null, -1, null, null))).isEqualTo("https://shop:8080/old/x?q=1");
        assertThat(location(new Redirect(302, "https", null, 8443, null, null)))
                .isEqualTo("https://shop:8443/old/x?q=1");
        assertThat(location(new Redirect(302, null, "new.example", -1, "/p", null)))
                .isEqualTo("http://new.example/p?q=1");
        assertThat(location(new Redirect(302, null, null, -1, null, "/new"))).isEqualTo("http://shop:8080/new/x?q=1");
    }

    private static String location(Redirect redirect) {
        return Location.of(request("/old/x?q=1"), route(new PathMatch.ElementPrefix("/old"), redirect), redirect);
    }
}
