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
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(
                        new RouterFilter(),
                        Router.newBuilder()
                                .addStrictCheckHeaders("x-envoy-retry-on")
                                .build()))
                .isEqualTo("strict_check_headers[0]: is not supported yet; remove it");
    }
}
