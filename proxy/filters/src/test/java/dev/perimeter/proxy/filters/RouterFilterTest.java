package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.FakeUpstream;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import org.junit.jupiter.api.Test;

/** The end of every chain. */
class RouterFilterTest {

    @Test
    void request_goesToTheClusterOfItsRoute() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("up");
                FilterProxy proxy = new FilterProxy(upstream.address()).start()) {
            assertThat(proxy.get("/").body()).isEqualTo("up");
        }
    }

    @Test
    void timeAnEarlierProxyWaits_isRespectedWhereTheConfigSaysSo() throws Exception {
        assertThat(timeout(Router.newBuilder().setRespectExpectedRqTimeout(true).build()))
                .isBetween(1L, 5_000L);
        assertThat(timeout(Router.getDefaultInstance())).isEqualTo(-1);
    }

    /** What the upstream is told of a request that said five seconds, on a route without a limit; -1 for nothing. */
    private static long timeout(Router router) throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("up");
                FilterProxy proxy = FilterProxy.with(upstream.address(), new RouterFilter(), router)
                        .start()) {
            proxy.get("/", "x-envoy-expected-rq-timeout-ms", "5000");
            String told = upstream.received().getFirst().header("X-envoy-expected-rq-timeout-ms");
            return told == null ? -1 : Long.parseLong(told);
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(
                        new RouterFilter(),
                        Router.newBuilder()
                                .addStrictCheckHeaders("x-envoy-retry-on")
                                .build()))
                .isEqualTo("strict_check_headers[0]: is not supported yet; remove it");
    }
}
