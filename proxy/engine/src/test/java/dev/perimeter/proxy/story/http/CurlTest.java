package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Curl;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import org.junit.jupiter.api.Test;

/** A client nobody here wrote. */
class CurlTest {

    private static FakeUpstream echo() {
        return FakeUpstream.answering(request ->
                FakeUpstream.Answer.text(200, request.method() + " " + request.target() + " " + request.text()));
    }

    private static Config config(FakeUpstream upstream) {
        return new Config()
                .connectAllowed()
                .cluster("a", upstream.address())
                .route("/", "a")
                .tunnel("a");
    }

    @Test
    void curl_sendsChunksExpectingAGoAhead() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = new RunningProxy(config(upstream).http())) {
            String output = Curl.run(
                    "-H",
                    "Transfer-Encoding: chunked",
                    "-H",
                    "Expect: 100-continue",
                    "-d",
                    "hello",
                    proxy.uri("/x?y").toString());

            assertThat(output).isEqualTo("POST /x?y hello");
        }
    }

    @Test
    void curl_keepsItsConnection() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = new RunningProxy(config(upstream).http())) {
            String url = proxy.uri("/1").toString();

            assertThat(Curl.run("-w", "|%{num_connects}|", url, url)).isEqualTo("GET /1 |1|GET /1 |0|");
        }
    }

    @Test
    void curl_usesUsAsAnExplicitProxy() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = new RunningProxy(config(upstream).http())) {
            String us = "http://127.0.0.1:" + proxy.address().getPort();

            assertThat(Curl.run("--proxy", us, "http://payment:8080/charges")).isEqualTo("GET /charges ");
            assertThat(Curl.run("--proxy", us, "--proxytunnel", "http://payment:8080/charges"))
                    .isEqualTo("GET /charges ");
        }
    }

    @Test
    void curl_asksForTheHeadAlone() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = new RunningProxy(config(upstream).http())) {
            assertThat(Curl.run("--head", proxy.uri("/").toString())).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }
}
