package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.http.h1.MalformedRequests;
import dev.perimeter.proxy.http.h1.MalformedRequests.Malformed;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec's table once more, through the whole proxy: the upstream never gets a request out of it. */
class MalformedStoryTest {

    private static FakeUpstream upstream;
    private static RunningProxy proxy;

    @BeforeAll
    static void start() {
        upstream = FakeUpstream.named("a");
        proxy = new RunningProxy(new Config()
                // Else the preface of HTTP/2 would be no mistake.
                .codec(Codec.HTTP1, Http2Options.DEFAULTS)
                .connectAllowed()
                .headLimits(MalformedRequests.LIMITS)
                .cluster("a", upstream.address())
                .route("/", "a")
                .tunnel("a")
                .http());
    }

    @AfterAll
    static void stop() {
        proxy.close();
        upstream.close();
    }

    static List<Malformed> malformed() {
        return MalformedRequests.all();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformed_throughTheProxy_neverBecomesARequest(Malformed row) throws Exception {
        upstream.received().clear();
        try (RawClient client = new RawClient(proxy.address())) {
            String reply = client.send(row.bytes()).readToEnd();

            assertThat(reply).startsWith("HTTP/1.1 " + row.status() + " ");
            assertThat(reply.split("HTTP/1.1 [0-9]{3} ", -1)).as("one reply").hasSize(2);
        }
        assertThat(upstream.received()).isEmpty();
        assertThat(proxy.get("/next").statusCode()).isEqualTo(200);
    }
}
