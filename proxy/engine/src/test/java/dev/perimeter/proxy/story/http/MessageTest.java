package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Messages end to end, byte by byte: what must arrive as it was sent, and what must not arrive at all. */
class MessageTest {

    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();

    private RunningProxy proxyTo(RawUpstream upstream) {
        return new RunningProxy(
                new Config().cluster("a", upstream.address()).route("/", "a").http());
    }

    private RawUpstream answering(String answer) {
        return RawUpstream.running(connection -> {
            while (true) {
                heads.add(connection.readHead());
                connection.send(answer);
            }
        });
    }

    private String nextHead() throws InterruptedException {
        return heads.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void headerNames_bothWays_keepTheirCase() throws Exception {
        try (RawUpstream upstream = answering("HTTP/1.1 200 OK\r\nX-WeIrD: Yes\r\nContent-Length: 0\r\n\r\n");
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nsOmE-nAmE: v\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).contains("\r\nX-WeIrD: Yes\r\n");
            assertThat(nextHead()).contains("\r\nsOmE-nAmE: v\r\n");
        }
    }

    @Test
    void hopByHopHeaders_ofEitherSide_stayOnTheirHop() throws Exception {
        try (RawUpstream upstream = answering("HTTP/1.1 200 OK\r\n"
                        + "Connection: X-Hop\r\n"
                        + "X-Hop: 1\r\n"
                        + "Keep-Alive: timeout=5\r\n"
                        + "Content-Length: 0\r\n\r\n");
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABk\r\nTE: trailers\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).doesNotContain("X-Hop", "Keep-Alive");
            assertThat(nextHead()).doesNotContain("h2c", "HTTP2-Settings");
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws Exception {
        try (FakeUpstream upstream =
                        FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, "[" + request.target() + "]"));
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                all.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(all.toString());

            for (int i = 0; i < 20; i++) {
                assertThat(client.readTo("[/" + i + "]")).contains("200 OK");
            }
        }
    }

    @Test
    void trailers_ofTheResponse_arriveBehindTheLastChunk() throws Exception {
        try (RawUpstream upstream = answering(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Checksum: 42\r\n\r\n");
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n");

            assertThat(client.readTo("X-Checksum: 42\r\n\r\n")).contains("2\r\nok\r\n");
        }
    }

    @Test
    void trailers_ofTheRequest_reachTheUpstream() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    seen.add(connection.readTo("X-Sum: 1\r\n\r\n"));
                    connection.send("HTTP/1.1 204 No Content\r\n\r\n");
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "3\r\n"
                    + "abc\r\n"
                    + "0\r\n"
                    + "X-Sum: 1\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 204");
            assertThat(seen.poll(10, TimeUnit.SECONDS)).contains("abc");
        }
    }

    @Test
    void head_getsTheLengthAndNoBody() throws Exception {
        try (RawUpstream upstream = answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).contains("Content-Length: 1000");

            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void expectContinue_theUpstreamsGoAhead_reachesTheClientBeforeTheBody() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    heads.add(connection.readHead());
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    heads.add(connection.readTo("body"));
                    connection.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100");

            client.send("body");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void earlyResponse_whileTheBodyIsStillComing_reachesTheClient() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    connection.socket().shutdownOutput();
                    connection.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nsome");

            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void connectionCloseDelimitedBody_isForwardedWhole() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
                });
                RunningProxy proxy = proxyTo(upstream)) {
            assertThat(proxy.get("/").body()).isEqualTo("until the end");
        }
    }

    @Test
    void http10Client_getsAReplyAndTheEndOfTheConnection() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("old");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200").endsWith("old");
        }
    }
}
