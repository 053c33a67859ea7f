package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.FakeUpstream;
import io.envoyproxy.envoy.extensions.filters.http.cdn_loop.v3.CdnLoopConfig;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that go in circles, on real sockets; this hop is called edge.example and may be passed twice. */
class CdnLoopFilterTest {

    private final FakeUpstream upstream = FakeUpstream.named("up");
    private final FilterProxy proxy =
            FilterProxy.with(upstream.address(), new CdnLoopFilter(), config("edge.example", 1));

    private static CdnLoopConfig config(String id, int most) {
        return CdnLoopConfig.newBuilder()
                .setCdnId(id)
                .setMaxAllowedOccurrences(most)
                .build();
    }

    @BeforeEach
    void start() {
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    @Test
    void firstVisit_passesAndLeavesItsName() throws Exception {
        assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        assertThat(upstream.received().getFirst().headers().get("Cdn-loop")).containsExactly("edge.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200|edge.example",
                "200|other, edge.example; v=1, edge.example.org",
                "502|edge.example, edge.example",
                "502|edge.example;a=\"x, y; \\\"z\", other:80 , edge.example;b=c",
            })
    void visits_areCountedByTheWholeName(int status, String loop) throws Exception {
        assertThat(proxy.get("/", "CDN-Loop", loop).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a;", "a;x", "a;x=\"y", "a;=y", ",", "a, \"b\""})
    void whatIsNoList_is400(String loop) throws Exception {
        assertThat(proxy.get("/", "CDN-Loop", loop).statusCode()).isEqualTo(400);
        assertThat(upstream.received()).isEmpty();
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        for (String id : List.of("", "a,b", "a b", "a;x=1;")) {
            assertThat(FilterProxy.refusal(new CdnLoopFilter(), config(id, 0)))
                    .isEqualTo("cdn_id: `" + id + "` is no cdn-id (RFC 8586 section 2)");
        }
    }
}
