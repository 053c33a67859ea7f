package dev.perimeter.proxy.story.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Curl;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that speak HTTP/2 on a plain port, with prior knowledge. */
class Http2StoryTest {

    private static FakeUpstream echo() {
        return FakeUpstream.answering(
                request -> Answer.text(200, request.method() + " " + request.target() + " " + request.text()));
    }

    private static RunningProxy before(FakeUpstream upstream) {
        return new RunningProxy(
                new Config().cluster("a", upstream.address()).route("/", "a").http());
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--http2-prior-knowledge"));
        all.addAll(List.of(arguments));
        return Curl.run(all.toArray(String[]::new));
    }

    @Test
    void curl_getsAndPosts() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream)) {
            String url = proxy.uri("/1?x=y").toString();

            assertThat(curl("-w", "|%{http_version}|", url)).isEqualTo("GET /1?x=y |2|");
            assertThat(curl("-d", "hello", url)).isEqualTo("POST /1?x=y hello");
        }
    }

    @Test
    void curl_asksForTheHeadAlone() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream)) {
            assertThat(curl("--head", proxy.uri("/").toString())).startsWith("HTTP/2 200");
        }
    }

    @Test
    void curl_sendsALargeBody(@TempDir Path folder) throws Exception {
        try (FakeUpstream upstream =
                        FakeUpstream.answering(request -> Answer.text(200, Integer.toString(request.body().length)));
                RunningProxy proxy = before(upstream)) {
            Path file = Files.write(folder.resolve("body"), new byte[5_000_000]);

            assertThat(curl("--data-binary", "@" + file, proxy.uri("/").toString()))
                    .isEqualTo("5000000");
        }
    }

    @Test
    void thousandsOfRequests_onFewConnections_allSucceed() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream)) {
            String output = run(
                    "h2load",
                    "-n",
                    "4000",
                    "-c",
                    "4",
                    "-m",
                    "20",
                    proxy.uri("/x").toString());

            assertThat(output).contains("4000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    @Test
    void http1AndHttp2_shareAPort() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream)) {
            assertThat(proxy.get("/h1").body()).isEqualTo("GET /h1 ");
            try (RawHttp2 client = new RawHttp2(proxy.address())) {
                assertThat(client.get(1, "/h2").answer(1).body()).isEqualTo("GET /h2 ");
            }
            assertThat(proxy.logLines(2)).anyMatch(line -> line.contains("\"protocol\":\"HTTP/2\""));
        }
    }

    @Test
    void preface_inPieces_isUnderstood() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream);
                java.net.Socket socket = new java.net.Socket(
                        proxy.address().getAddress(), proxy.address().getPort())) {
            socket.setTcpNoDelay(true);
            byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (byte b : preface) {
                socket.getOutputStream().write(b);
            }
            socket.getOutputStream().write(RawHttp2.frameBytes(RawHttp2.SETTINGS, 0, 0));

            byte[] settings = socket.getInputStream().readNBytes(9);
            assertThat(settings[3]).isEqualTo((byte) RawHttp2.SETTINGS);
        }
    }

    @Test
    void requestThatOnlyBeginsLikeThePreface_isHttp1() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream)) {
            assertThat(Curl.run("-X", "PRIX", proxy.uri("/").toString())).isEqualTo("PRIX / ");
        }
    }

    @Test
    void streamsAboveTheLimit_areRefused_andTheOthersServed() throws Exception {
        Http2Options two = new Http2Options(
                2, 65_535, 65_535, 4096, false, Http2Options.DEFAULTS.floods(), Http2Options.DEFAULTS.keepAlive());
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = new RunningProxy(new Config()
                        .codec(Codec.HTTP2, two)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/1").post(3, "/3").get(5, "/5");

            assertThat(client.answer(5).reset()).isEqualTo(7);
            assertThat(client.data(1, true, "").answer(1).body()).isEqualTo("POST /1 ");
            assertThat(client.data(3, true, "").answer(3).body()).isEqualTo("POST /3 ");
            assertThat(client.get(7, "/7").answer(7).body()).isEqualTo("GET /7 ");
        }
    }

    @Test
    void drain_isToldTwice_andStreamsUnderWayEnd() throws Exception {
        try (FakeUpstream upstream = echo();
                RunningProxy proxy = before(upstream);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(client.get(1, "/1").answer(1).status()).isEqualTo(200);
            client.post(3, "/3");
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
            client.next(RawHttp2.PING);

            var drained = proxy.dataPlane().drain(java.time.Duration.ofSeconds(5));
            RawHttp2.Frame notice = client.next(RawHttp2.GOAWAY);
            assertThat(notice.lastStream()).isEqualTo(Integer.MAX_VALUE);
            // A stream that the client opened before it read the notice.
            client.get(5, "/5");
            assertThat(client.answer(5).body()).isEqualTo("GET /5 ");
            RawHttp2.Frame last = client.next(RawHttp2.GOAWAY);
            assertThat(last.lastStream()).isEqualTo(5);
            assertThat(last.code()).isZero();
            assertThat(client.data(3, true, "bye").answer(3).body()).isEqualTo("POST /3 bye");
            assertThat(client.next()).isNull();
            client.socket().close();
            drained.get(5, TimeUnit.SECONDS);
        }
    }
}
