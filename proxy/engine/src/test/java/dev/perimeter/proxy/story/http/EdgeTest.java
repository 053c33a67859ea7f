package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a client may claim of itself, and what it gets to see of us. */
class EdgeTest {

    private static final String FORGED = "11111111-2222-4333-8444-555555555555";

    private static HttpResponse<String> ask(RunningProxy proxy) throws Exception {
        return proxy.send(HttpRequest.newBuilder(proxy.uri("/"))
                .header("X-Forwarded-For", "6.6.6.6")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Host", "evil")
                .header("X-Request-Id", FORGED));
    }

    @Test
    void edge_replacesWhatAClientClaims() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .edge(Config.EDGE)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            HttpResponse<String> response = ask(proxy);

            FakeUpstream.Received received = upstream.received().getFirst();
            assertThat(received.header("X-forwarded-for")).isEqualTo("6.6.6.6, 127.0.0.1");
            assertThat(received.header("X-forwarded-proto")).isEqualTo("http");
            assertThat(received.header("X-forwarded-host"))
                    .isEqualTo("127.0.0.1:" + proxy.address().getPort());
            String id = received.header("X-request-id");
            assertThat(id).isNotEqualTo(FORGED);
            assertThat(UUID.fromString(id).version()).isEqualTo(4);
            assertThat(response.headers().firstValue("x-request-id")).hasValue(id);
        }
    }

    @Test
    void schemeThatAnHttp2ClientClaims_doesNotMakeItsConnectionSecure() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .edge(Config.EDGE)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.headers(1, true, ":method: GET", ":scheme: https", ":authority: shop", ":path: /");

            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(upstream.received().getFirst().header("X-forwarded-proto"))
                    .isEqualTo("http");
        }
    }

    @Test
    void inside_believesTheProxyBefore() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            ask(proxy);

            FakeUpstream.Received received = upstream.received().getFirst();
            assertThat(received.header("X-forwarded-for")).isEqualTo("6.6.6.6");
            assertThat(received.header("X-forwarded-proto")).isEqualTo("https");
            assertThat(received.header("X-request-id")).isEqualTo(FORGED);
        }
    }

    @Test
    void serverHeader_isWhatTheConfigSays() throws Exception {
        EdgeBehaviour overwrite = new EdgeBehaviour(
                false, 0, false, true, false, false, EdgeBehaviour.ServerHeader.OVERWRITE, "perimeter");
        try (FakeUpstream upstream = FakeUpstream.answering(
                        request -> new FakeUpstream.Answer(200, Map.of("Server", "internal/1.2.3"), new byte[0]));
                RunningProxy proxy = new RunningProxy(new Config()
                        .edge(overwrite)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            assertThat(proxy.get("/").headers().allValues("server")).containsExactly("perimeter");
        }
    }

    @Test
    void localReply_asProblemDetails_isJsonAndNamesNothingInternal() throws Exception {
        LocalReplyFormat problem = new LocalReplyFormat(
                List.of(new LocalReplyFormat.Mapper(
                        503,
                        503,
                        new LocalReplyFormat.Body("application/problem+json", "{\"title\":\"Later\"}"),
                        null)),
                new LocalReplyFormat.Body(
                        "application/problem+json",
                        "{\"type\":\"about:blank\",\"title\":\"%LOCAL_REPLY_BODY%\",\"status\":%RESPONSE_CODE%,\"instance\":\"%REQ(:PATH)%\"}"));
        try (RunningProxy proxy = new RunningProxy(new Config()
                .edge(Config.EDGE)
                .replies(problem)
                .route("/known", "secret-cluster")
                .http())) {
            HttpResponse<String> missing = proxy.get("/a%22b");
            HttpResponse<String> broken = proxy.get("/known");

            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.headers().firstValue("content-type")).hasValue("application/problem+json");
            assertThat(missing.body())
                    .isEqualTo("{\"type\":\"about:blank\",\"title\":\"no such"
                            + " route\",\"status\":404,\"instance\":\"/a%22b\"}");
            assertThat(broken.statusCode()).isEqualTo(503);
            assertThat(broken.body()).as("what the mapper of that status says").isEqualTo("{\"title\":\"Later\"}");
            assertThat(broken.body() + broken.headers().map()).doesNotContain("secret-cluster");
        }
    }
}
