package dev.perimeter.proxy.story.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.Http2Upstream;
import dev.perimeter.proxy.testkit.RawClient;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that speak HTTP/1.1, an upstream that speaks HTTP/2. */
class Http2UpstreamTest {

    private static final int OPEN_LOOPS = 2;

    private static RunningProxy proxyTo(Http2Upstream upstream) {
        return new RunningProxy(new Config()
                .http2()
                .cluster("a", upstream.address())
                .route("/", "a")
                .http());
    }

    @Test
    void request_goesOnAsHttp2() throws Exception {
        BlockingQueue<Http2Headers> seen = new LinkedBlockingQueue<>();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    seen.add(exchange.head());
                    exchange.answer(200, "hello");
                });
                RunningProxy proxy = proxyTo(upstream)) {
            HttpResponse<String> response = proxy.send(
                    HttpRequest.newBuilder(proxy.uri("/charges?id=1")).header("X-Mixed-Case", "Value"));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("hello");
            Http2Headers head = seen.take();
            assertThat(head.method()).hasToString("GET");
            assertThat(head.path()).hasToString("/charges?id=1");
            assertThat(head.scheme()).hasToString("http");
            assertThat(head.authority())
                    .hasToString("127.0.0.1:" + proxy.address().getPort());
            assertThat(head.get("x-mixed-case")).hasToString("Value");
        }
    }

    @Test
    void requestsAtOnce_shareOneConnectionPerLoop() throws Exception {
        int many = 60;
        CountDownLatch all = new CountDownLatch(many);
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    all.countDown();
                    all.await(10, TimeUnit.SECONDS);
                    exchange.answer(200, exchange.header(":path"));
                });
                RunningProxy proxy = proxyTo(upstream)) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                answers.add(proxy.client()
                        .sendAsync(
                                HttpRequest.newBuilder(proxy.uri("/" + i)).build(),
                                HttpResponse.BodyHandlers.ofString()));
            }

            for (int i = 0; i < many; i++) {
                HttpResponse<String> response = answers.get(i).get(10, TimeUnit.SECONDS);
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("/" + i);
            }
            assertThat(upstream.connections()).isLessThanOrEqualTo(OPEN_LOOPS);
        }
    }

    @Test
    void content_andTrailers_passBothWays() throws Exception {
        BlockingQueue<Http2Headers> trailers = new LinkedBlockingQueue<>();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    String content = exchange.content();
                    trailers.add(exchange.trailers());
                    exchange.respond(200, false, "trailer", "x-sum");
                    exchange.send("got ", false);
                    exchange.send(content, false);
                    exchange.end("x-sum", "7");
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\n0\r\nX-Late: yes\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200").containsIgnoringCase("chunked");
            assertThat(client.readTo("0\r\nx-sum: 7\r\n\r\n"))
                    .isEqualTo("4\r\ngot \r\n3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n");
            assertThat(trailers.take().get("x-late")).hasToString("yes");
        }
    }

    @Test
    void trailersAlone_areAHead() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.content();
                    exchange.respond(200, true, "content-type", "application/grpc", "grpc-status", "12");
                });
                RunningProxy proxy = proxyTo(upstream)) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("grpc-status")).contains("12");
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void statusWithoutContent_hasNone(int status) throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.respond(status, false);
                    exchange.send("", true);
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readTo("\r\n\r\n"))
                        .startsWith("HTTP/1.1 " + status)
                        .doesNotContainIgnoringCase("transfer-encoding");
            }
        }
    }

    @Test
    void head_tellsALengthWithoutContent() throws Exception {
        try (Http2Upstream upstream =
                        Http2Upstream.serving(exchange -> exchange.respond(200, true, "content-length", "5"));
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            for (int i = 0; i < 2; i++) {
                client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readTo("\r\n\r\n"))
                        .startsWith("HTTP/1.1 200")
                        .containsIgnoringCase("content-length: 5\r\n");
            }
        }
    }

    @Test
    void interimResponses_passBeforeTheHead() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.respond(103, false, "link", "</a>");
                    exchange.answer(200, "ok");
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 103").contains("link: </a>\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void resetBeforeTheHead_is503AndLeavesTheConnection() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (exchange.header(":path").equals("/reset")) {
                        exchange.reset(Http2Error.INTERNAL_ERROR);
                    } else {
                        exchange.answer(200, "ok");
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            HttpResponse<String> response = proxy.get("/reset");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("x-proxy-reason"))
                    .get()
                    .asString()
                    .contains("INTERNAL_ERROR");
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(upstream.openConnections()).isEqualTo(upstream.connections());
        }
    }

    @Test
    void resetAfterTheHead_cutsTheResponse() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.respond(200, false);
                    exchange.send("half", false);
                    arrived.await();
                    exchange.reset(Http2Error.INTERNAL_ERROR);
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readTo("half");
            arrived.countDown();
            assertThat(everything(client)).doesNotContain("0\r\n\r\n");
        }
    }

    @Test
    void clientGone_resetsTheStreamAlone() throws Exception {
        BlockingQueue<Long> codes = new LinkedBlockingQueue<>();
        CountDownLatch begun = new CountDownLatch(1);
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (exchange.header(":path").equals("/long")) {
                        exchange.respond(200, false);
                        exchange.send("some", false);
                        begun.countDown();
                        codes.add(exchange.awaitReset());
                    } else {
                        exchange.answer(200, "ok");
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = new RawClient(proxy.address())) {
                client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
                client.readTo("some");
                begun.await();
            }

            assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(upstream.openConnections()).isEqualTo(upstream.connections());
        }
    }

    @Test
    void answerBeforeTheRequestEnded_isDelivered() throws Exception {
        BlockingQueue<Long> codes = new LinkedBlockingQueue<>();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.answer(413, "too much");
                    codes.add(exchange.awaitReset());
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");
            assertThat(client.readTo("too much")).startsWith("HTTP/1.1 413");
            assertThat(codes.poll(10, TimeUnit.SECONDS)).isEqualTo(Http2Error.CANCEL.code());
        }
    }

    @Test
    void limitOfTheUpstream_isKept() throws Exception {
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch settled = new CountDownLatch(1);
        try (Http2Upstream upstream =
                        Http2Upstream.serving(Http2Settings.defaultSettings().maxConcurrentStreams(2), exchange -> {
                            if (exchange.header(":path").equals("/first")) {
                                exchange.answer(200, "ok");
                                return;
                            }
                            most.accumulateAndGet(active.incrementAndGet(), Math::max);
                            settled.await(200, TimeUnit.MILLISECONDS);
                            active.decrementAndGet();
                            exchange.answer(200, "ok");
                        });
                RunningProxy proxy = new RunningProxy(new Config()
                        .http2()
                        .limits(new ConnectionLimits(1, 1024, 1024))
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            proxy.get("/first");
            proxy.get("/first");
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(proxy.client()
                        .sendAsync(
                                HttpRequest.newBuilder(proxy.uri("/")).build(), HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }

            assertThat(most.get()).isBetween(1, 2 * upstream.connections());
        }
    }

    @Test
    void refusedStream_isTriedAgainWhateverTheMethod() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (asked.incrementAndGet() == 1) {
                        exchange.reset(Http2Error.REFUSED_STREAM);
                    } else {
                        exchange.answer(200, "done");
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).POST(HttpRequest.BodyPublishers.noBody()));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(asked.get()).isEqualTo(2);
        }
    }

    @Test
    void goAway_lastStreamsGoOn_newOnesGoElsewhere() throws Exception {
        CountDownLatch goneAway = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (exchange.header(":path").equals("/old")) {
                        exchange.respond(200, false);
                        exchange.goAway(Http2Error.NO_ERROR, 0);
                        goneAway.countDown();
                        finish.await();
                        exchange.send("old", true);
                    } else {
                        exchange.answer(200, "on " + exchange.connection());
                    }
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readTo("\r\n\r\n");
            goneAway.await();
            for (int i = 0; i < 8; i++) {
                assertThat(proxy.get("/new").body()).isNotEqualTo("on 1");
            }
            finish.countDown();

            assertThat(client.readTo("old")).endsWith("old");
            // What has gone away and has nothing left to do is closed.
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> upstream.openConnections() < upstream.connections());
        }
    }

    @Test
    void connectionLost_failsItsRequests() throws Exception {
        try (Http2Upstream upstream =
                        Http2Upstream.serving(exchange -> exchange.channel().close());
                RunningProxy proxy = proxyTo(upstream)) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UC\"");
        }
    }

    @Test
    void responseOfAnotherLength_isCut() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    exchange.respond(200, false, "content-length", "5");
                    exchange.send("abc", true);
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(everything(client)).doesNotMatch("(?s).*\r\n\r\n.{5,}");
        }
    }

    /** What comes until the connection ends, in whatever way. */
    private static String everything(RawClient client) {
        StringBuilder read = new StringBuilder();
        try {
            for (String next = client.read(1); !next.isEmpty(); next = client.read(1)) {
                read.append(next);
            }
        } catch (IOException reset) {
            // A reset is an end, too.
        }
        return read.toString();
    }
}
