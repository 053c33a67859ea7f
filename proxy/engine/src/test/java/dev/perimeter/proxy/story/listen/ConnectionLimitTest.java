package dev.perimeter.proxy.story.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits.Underscores;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the options common to all versions of HTTP allow a client. */
class ConnectionLimitTest {

    private final FakeUpstream upstream = FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, "ok"));

    @AfterEach
    void stop() {
        upstream.close();
    }

    private RunningProxy proxy(Config config) {
        return new RunningProxy(
                config.cluster("a", upstream.address()).route("/", "a").http());
    }

    private static Config limits(int requests, Underscores underscores) {
        return new Config().headLimits(new HttpLimits(60 * 1024, 100, requests, underscores));
    }

    private static HttpResponse<String> underscore(RunningProxy proxy) throws Exception {
        return proxy.send(
                HttpRequest.newBuilder(proxy.uri("/")).header("x_user", "root").header("x-user", "anna"));
    }

    @Test
    void lastRequest_thatAConnectionMayCarry_isAnsweredWithItsEnd() throws Exception {
        try (RunningProxy proxy = proxy(limits(2, Underscores.ALLOW))) {
            assertThat(proxy.get("/").headers().firstValue("connection")).isEmpty();
            assertThat(proxy.get("/").headers().firstValue("connection")).hasValue("close");
            assertThat(proxy.get("/").headers().firstValue("connection")).isEmpty();
        }
    }

    @Test
    void lastRequest_onHttp2_isFollowedByGoAway() throws Exception {
        try (RunningProxy proxy = proxy(limits(2, Underscores.ALLOW));
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(client.get(1, "/").answer(1).body()).isEqualTo("ok");
            client.get(3, "/");
            assertThat(client.next(RawHttp2.GOAWAY).code()).isZero();
            assertThat(client.answer(3).body()).isEqualTo("ok");
        }
    }

    @Test
    void connection_thatIsOldEnough_ends() throws Exception {
        HttpTimeouts usual = HttpTimeouts.DEFAULTS;
        HttpTimeouts brief = new HttpTimeouts(
                usual.requestHeaders(),
                usual.request(),
                usual.streamIdle(),
                usual.connectionIdle(),
                usual.drain(),
                usual.maxStream(),
                Duration.ofMillis(150));
        try (RunningProxy proxy = proxy(new Config().timeouts(brief));
                RawHttp2 client = new RawHttp2(proxy.address());
                RawClient old = new RawClient(proxy.address())) {
            assertThat(client.get(1, "/").answer(1).body()).isEqualTo("ok");
            assertThat(client.next(RawHttp2.GOAWAY).code()).isZero();
            assertThat(client.next(RawHttp2.GOAWAY).lastStream()).isEqualTo(1);
            assertThat(client.next()).isNull();
            assertThat(old.readToEnd()).isEmpty();
        }
    }

    @Test
    void underscoreInAName_passes_ifNothingElseIsSaid() throws Exception {
        try (RunningProxy proxy = proxy(new Config())) {
            underscore(proxy);
            assertThat(upstream.received().getFirst().header("X_user")).isEqualTo("root");
        }
    }

    @Test
    void underscoreInAName_isDroppedWithItsField() throws Exception {
        try (RunningProxy proxy = proxy(limits(0, Underscores.DROP_HEADER))) {
            assertThat(underscore(proxy).statusCode()).isEqualTo(200);
            assertThat(upstream.received().getFirst().header("X_user")).isNull();
            assertThat(upstream.received().getFirst().header("X-user")).isEqualTo("anna");
        }
    }

    @Test
    void underscoreInAName_isRefused() throws Exception {
        try (RunningProxy proxy = proxy(limits(0, Underscores.REJECT_REQUEST))) {
            assertThat(underscore(proxy).statusCode()).isEqualTo(400);
            assertThat(upstream.received()).isEmpty();
            assertThat(proxy.logLines(1).getFirst()).contains("http1.unexpected_underscore");
        }
    }

    @Test
    void codecHttp2_takesNothingElse() throws Exception {
        try (RunningProxy proxy = proxy(new Config().codec(Codec.HTTP2, Http2Options.DEFAULTS));
                RawHttp2 client = new RawHttp2(proxy.address());
                RawClient old = new RawClient(proxy.address())) {
            assertThat(client.get(1, "/").answer(1).body()).isEqualTo("ok");
            old.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
            assertThat(old.readToEnd()).doesNotContain("HTTP/1.1");
        }
    }
}
