package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import dev.perimeter.proxy.testkit.FakeUpstream;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.CorsPolicy;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What browsers are told of other sites, on real sockets; the policy stands on /special. */
class CorsFilterTest {

    private final FakeUpstream upstream = FakeUpstream.named("up");

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static CorsPolicy.Builder policy() {
        return CorsPolicy.newBuilder()
                .addAllowOriginStringMatch(StringMatcher.newBuilder().setSuffix(".shop.example"))
                .setAllowMethods("GET,PUT")
                .setAllowHeaders("x-tenant")
                .setExposeHeaders("x-total")
                .setMaxAge("600")
                .setAllowCredentials(BoolValue.of(true))
                .setAllowPrivateNetworkAccess(BoolValue.of(true));
    }

    private FilterProxy proxy(CorsPolicy.Builder policy) {
        return FilterProxy.with(upstream.address(), new CorsFilter(), Cors.getDefaultInstance())
                .special(new CorsFilter(), policy.build())
                .start();
    }

    private static HttpResponse<byte[]> preflight(FilterProxy proxy, String origin) throws Exception {
        return proxy.bytes(proxy.request("/special")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers(
                        "Origin", origin,
                        "Access-Control-Request-Method", "PUT",
                        "Access-Control-Request-Private-Network", "true"));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void preflight_isAnsweredHere() throws Exception {
        try (FilterProxy proxy = proxy(policy())) {
            HttpResponse<byte[]> response = preflight(proxy, "https://www.shop.example");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(header(response, "access-control-allow-origin")).isEqualTo("https://www.shop.example");
            assertThat(header(response, "access-control-allow-methods")).isEqualTo("GET,PUT");
            assertThat(header(response, "access-control-allow-headers")).isEqualTo("x-tenant");
            assertThat(header(response, "access-control-max-age")).isEqualTo("600");
            assertThat(header(response, "access-control-allow-credentials")).isEqualTo("true");
            assertThat(header(response, "access-control-allow-private-network")).isEqualTo("true");
            assertThat(upstream.received()).isEmpty();
            assertThat(proxy.metric("envoy_http_cors_origin_valid")).isEqualTo(1);
        }
    }

    @Test
    void request_ofASiteThatMay_isMarked_ofAnotherNot() throws Exception {
        try (FilterProxy proxy = proxy(policy())) {
            HttpResponse<String> may = proxy.get("/special", "Origin", "https://www.shop.example");
            assertThat(header(may, "access-control-allow-origin")).isEqualTo("https://www.shop.example");
            assertThat(header(may, "access-control-expose-headers")).isEqualTo("x-total");
            assertThat(header(may, "vary")).isEqualTo("Origin");
            HttpResponse<String> mayNot = proxy.get("/special", "Origin", "https://evil.example");
            assertThat(mayNot.statusCode()).isEqualTo(200);
            assertThat(mayNot.headers().map()).doesNotContainKeys("access-control-allow-origin", "vary");
            assertThat(proxy.metric("envoy_http_cors_origin_invalid")).isEqualTo(1);
        }
    }

    @Test
    void preflight_ofASiteThatMayNot_goesOn_unlessThePolicyKeepsIt() throws Exception {
        try (FilterProxy proxy = proxy(policy())) {
            preflight(proxy, "https://evil.example");
            assertThat(upstream.received()).hasSize(1);
        }
        try (FilterProxy proxy = proxy(policy().setForwardNotMatchingPreflights(BoolValue.of(false)))) {
            assertThat(preflight(proxy, "https://evil.example").headers().map())
                    .doesNotContainKey("access-control-allow-origin");
            assertThat(upstream.received()).hasSize(1);
        }
    }

    @Test
    void withoutAPolicy_nothingIsSaid() throws Exception {
        try (FilterProxy proxy = proxy(policy())) {
            assertThat(proxy.get("/", "Origin", "https://www.shop.example")
                            .headers()
                            .map())
                    .doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void shadow_countsAndDoesNothing() throws Exception {
        try (FilterProxy proxy = proxy(policy().setFilterEnabled(percent(0)).setShadowEnabled(percent(100)))) {
            assertThat(proxy.get("/special", "Origin", "https://www.shop.example")
                            .headers()
                            .map())
                    .doesNotContainKey("access-control-allow-origin");
            assertThat(proxy.metric("envoy_http_cors_origin_valid")).isEqualTo(1);
        }
    }

    private static RuntimeFractionalPercent percent(int numerator) {
        return RuntimeFractionalPercent.newBuilder()
                .setDefaultValue(FractionalPercent.newBuilder().setNumerator(numerator))
                .build();
    }
}
