package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Duration;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.http.health_check.v3.HealthCheck;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Percent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health checks answered in the upstream's place, on real sockets. */
class HealthCheckFilterTest {

    private int status = 200;
    private final FakeUpstream upstream = FakeUpstream.answering(request -> Answer.text(status, "up"));

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static HealthCheck.Builder check(boolean passThrough) {
        return HealthCheck.newBuilder()
                .setPassThroughMode(BoolValue.of(passThrough))
                .addHeaders(HeaderMatcher.newBuilder()
                        .setName(":path")
                        .setStringMatch(StringMatcher.newBuilder().setExact("/healthz")));
    }

    private FilterProxy proxy(HealthCheck.Builder check) {
        return FilterProxy.with(upstream.address(), new HealthCheckFilter(), check.build())
                .start();
    }

    @Test
    void check_isAnsweredHere_otherRequestsPass() throws Exception {
        try (FilterProxy proxy = proxy(check(false))) {
            assertThat(proxy.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(upstream.received()).isEmpty();
            assertThat(proxy.get("/other").body()).isEqualTo("up");
            assertThat(proxy.metric("envoy_http_health_check_ok")).isEqualTo(1);
        }
    }

    @Test
    void clusters_mustBeWellEnough() throws Exception {
        Percent all = Percent.newBuilder().setValue(100).build();
        try (FilterProxy proxy = proxy(check(false).putClusterMinHealthyPercentages("up", all))) {
            assertThat(proxy.get("/healthz").statusCode()).isEqualTo(200);
        }
        try (FilterProxy proxy = proxy(check(false).putClusterMinHealthyPercentages("nobody", all))) {
            assertThat(proxy.get("/healthz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void passThrough_asksEachTime_orRemembersForAWhile() throws Exception {
        try (FilterProxy proxy = proxy(check(true))) {
            proxy.get("/healthz");
            proxy.get("/healthz");
            assertThat(upstream.received()).hasSize(2);
        }
        status = 503;
        try (FilterProxy proxy =
                proxy(check(true).setCacheTime(Duration.newBuilder().setSeconds(60)))) {
            assertThat(proxy.get("/healthz").statusCode()).isEqualTo(503);
            status = 200;
            assertThat(proxy.get("/healthz").statusCode()).isEqualTo(503);
            assertThat(upstream.received()).hasSize(3);
            assertThat(proxy.metric("envoy_http_health_check_cached_response")).isEqualTo(1);
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(new HealthCheckFilter(), HealthCheck.getDefaultInstance()))
                .isEqualTo("pass_through_mode: must be set");
        assertThat(FilterProxy.refusal(
                        new HealthCheckFilter(),
                        check(false)
                                .setCacheTime(Duration.newBuilder().setSeconds(1))
                                .build()))
                .isEqualTo("cache_time: needs pass_through_mode");
    }
}
