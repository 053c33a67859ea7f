package dev.perimeter.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHandler;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.ServerStream;
import dev.perimeter.proxy.http.StreamReset;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.testkit.RawClient;
import java.io.IOException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Http1ServerConnectionTest {

    private Consumer<Recorder.Received> answer = request -> Recorder.reply(request.stream, 200, "ok");
    private final Recorder recorder = new Recorder() {
        @Override
        void answer(Received request) {
            answer.accept(request);
        }
    };
    private HttpServer server;

    @BeforeEach
    void start() {
        server = new HttpServer(recorder);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws IOException {
        answer = request -> Recorder.reply(request.stream, 200, request.head.path() + request.body);
        try (RawClient client = server.connect()) {
            client.send("POST /1 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Content-Length: 3\r\n\r\n"
                    + "abc\r\n"
                    + "GET /2 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\n"
                    + "POST /3 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + "2;x=\"\\\"\"\r\n"
                    + "de\r\n"
                    + "1\r\n"
                    + "f\r\n"
                    + "0\r\n\r\n"
                    + "GET /4 HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Connection: close\r\n\r\n");
            assertThat(client.readToEnd())
                    .containsSubsequence(
                            "/1abc", "HTTP/1.1 200", "/2", "HTTP/1.1 200", "/3def", "Connection: close", "/4");
        }
    }

    @Test
    void pipelinedRequest_waitsInBytesUntilTheFirstIsAnswered() throws IOException {
        answer = request -> {};
        try (RawClient client = server.connect()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> recorder.whole().size() == 1);
            Recorder.Received first = recorder.whole().get(0);
            assertThat(Recorder.onLoop(
                            first, () -> first.stream.channel().config().isAutoRead()))
                    .isFalse();
            Recorder.onLoop(first, () -> {
                Recorder.reply(first.stream, 200, "one");
                Recorder.reply(first.stream, 200, "a late second word");
                return null;
            });
            client.readTo("one");
            await().until(() -> recorder.whole().size() == 2);
            assertThat(recorder.whole().get(1).head.path()).isEqualTo("/2");
        }
    }

    @Test
    void namesAndOrder_areKeptAsReceived() throws IOException {
        answer = request -> {
            Headers headers = new Headers();
            headers.add("X-MiXed", "1");
            headers.add("content-LENGTH", "0");
            request.stream.sendHead(new ResponseHead(200, "Fine", headers), true);
        };
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nhOsT: a:80\r\nx-ONE: 1\r\nX-two:2\r\nx-one:\t3 \r\n\r\n");
            assertThat(client.readTo("\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200 Fine\r\nX-MiXed: 1\r\ncontent-LENGTH: 0\r\n\r\n");
        }
        Recorder.Received request = recorder.whole().get(0);
        assertThat(request.head.hostName()).isEqualTo("hOsT");
        assertThat(request.head.authority()).isEqualTo("a:80");
        assertThat(request.head.headers()).hasToString("x-ONE: 1\nX-two: 2\nx-one: 3\n");
    }

    @Test
    void hopByHopFields_goNoFurther() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\n"
                    + "Host: a\r\n"
                    + "Connection: Upgrade, HTTP2-Settings, X-Mine, keep-alive\r\n"
                    + "Upgrade: h2c\r\n"
                    + "HTTP2-Settings: AAEAAEAA\r\n"
                    + "X-Mine: 1\r\n"
                    + "Keep-Alive: 5\r\n"
                    + "Proxy-Connection: x\r\n"
                    + "TE: gzip, trailers\r\n"
                    + "X-Stays: 1\r\n\r\n");
            client.readTo("ok");
        }
        assertThat(recorder.whole().get(0).head.headers()).hasToString("X-Stays: 1\nTE: trailers\n");
    }

    @Test
    void absoluteTarget_winsOverHost() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("GET http://payment:8080/charges?q=1 HTTP/1.1\r\nHost: other\r\n\r\n")
                    .readTo("ok");
            client.send("GET http://payment?q=1 HTTP/1.1\r\nHost: other\r\n\r\n")
                    .readTo("ok");
            client.send("OPTIONS http://payment HTTP/1.1\r\nHost: other\r\n\r\n")
                    .readTo("ok");
        }
        assertThat(recorder.whole())
                .extracting(r -> r.head.authority() + " " + r.head.path())
                .containsExactly("payment:8080 /charges?q=1", "payment /?q=1", "payment *");
    }

    @Test
    void proxyForms_whereThereIsNoProxy_areRefused() throws IOException {
        try (HttpServer origin = new HttpServer(recorder, HttpTimeouts.DEFAULTS, false);
                RawClient absolute = origin.connect();
                RawClient connect = origin.connect()) {
            assertThat(absolute.send("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readToEnd())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("http1.absolute_target");
            assertThat(connect.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n").readToEnd())
                    .startsWith("HTTP/1.1 501 ");
        }
    }

    @Test
    void http10Client_getsNoChunksAndAClose() throws IOException {
        answer = Http1ServerConnectionTest::unknownLength;
        try (RawClient client = server.connect()) {
            assertThat(client.send("GET / HTTP/1.0\r\nHost: a\r\n\r\n").readToEnd())
                    .isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabcdef");
        }
    }

    @Test
    void http10Client_thatKeepsAlive_isKept() throws IOException {
        try (RawClient client = server.connect()) {
            for (int i = 0; i < 2; i++) {
                client.send("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(client.readTo("ok")).contains("Connection: keep-alive\r\n");
            }
        }
    }

    @Test
    void contentOfUnknownLength_isChunkedWithTrailers() throws IOException {
        answer = Http1ServerConnectionTest::unknownLength;
        try (RawClient client = server.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("0\r\nX-Sum: 6\r\n\r\n"))
                    .isEqualTo("HTTP/1.1 200 OK\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "3\r\n"
                            + "abc\r\n"
                            + "3\r\n"
                            + "def\r\n"
                            + "0\r\n"
                            + "X-Sum: 6\r\n\r\n");
        }
    }

    private static void unknownLength(Recorder.Received request) {
        request.stream.sendHead(new ResponseHead(200, "OK", new Headers()), false);
        request.stream.sendData(Recorder.bytes("abc"), false);
        request.stream.sendData(Recorder.bytes("def"), false);
        Headers trailers = new Headers();
        trailers.add("X-Sum", "6");
        request.stream.sendTrailers(trailers);
    }

    @Test
    void responsesWithoutContent_haveNone() throws IOException {
        answer = request -> {
            Headers headers = new Headers();
            headers.add("Content-Length", "7");
            int status = Integer.parseInt(request.head.path().substring(1));
            request.stream.sendHead(new ResponseHead(status, "", headers), true);
        };
        try (RawClient client = server.connect()) {
            assertThat(client.send("HEAD /200 HTTP/1.1\r\nHost: a\r\n\r\n").readTo("\r\n\r\n"))
                    .contains("Content-Length: 7");
            assertThat(client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n").readTo("\r\n\r\n"))
                    .contains("Content-Length: 7");
            assertThat(client.send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n").readTo("\r\n\r\n"))
                    .doesNotContain("Content-Length");
            assertThat(client.send("GET /200 HTTP/1.1\r\nHost: a\r\n\r\n").readTo("\r\n\r\n"))
                    .contains("Content-Length: 0");
        }
    }

    @Test
    void requestTrailers_arriveWithoutTheForbiddenOnes() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
                    + "Content-Length: 9\r\nX-Sum: 1\r\nHost: b\r\nAuthorization: c\r\n\r\n");
            client.readTo("ok");
        }
        assertThat(recorder.whole().get(0).trailers).hasToString("X-Sum: 1\n");
    }

    @Test
    void expectContinue_isPassedOnAndAnswered() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            await().until(() -> !recorder.received.isEmpty() && recorder.received.get(0).head != null);
            Recorder.Received request = recorder.received.get(0);
            assertThat(request.head.headers().get("expect")).isEqualTo("100-continue");
            Recorder.onLoop(request, () -> {
                request.stream.sendInformational(new ResponseHead(100, "Continue", new Headers()));
                return null;
            });
            client.readTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("abc").readTo("ok")).doesNotContain("close");
        }
    }

    @Test
    void earlyReply_toALargeBody_arrivesWholeAndCloses() throws IOException {
        Recorder early = new Recorder() {
            @Override
            public RequestHandler open(ServerStream stream) {
                return new Received(stream) {
                    @Override
                    public void onHead(RequestHead received, boolean endOfStream) {
                        reply(stream, 413, "too much");
                    }
                };
            }
        };
        try (HttpServer refusing = new HttpServer(early);
                RawClient client = refusing.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" + "x".repeat(300_000));
            assertThat(client.readToEnd())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("Connection: close")
                    .endsWith("too much");
        }
        try (HttpServer refusing = new HttpServer(early);
                RawClient client = refusing.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                    .readTo("too much");
            client.send("x".repeat(1000) + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n");
            assertThat(client.readTo("too much")).doesNotContain("close");
        }
    }

    @Test
    void vanishedClient_isToldToTheHandler() throws IOException {
        answer = request -> {};
        try (RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> recorder.whole().size() == 1);
        }
        Recorder.Received request = recorder.whole().get(0);
        await().until(() -> request.reset != null);
        assertThat(request.reset.cause()).isEqualTo(StreamReset.Cause.REMOTE_CLOSED);
        assertThat(request.reset.connectionGone()).isTrue();
    }

    @Test
    void contentShorterThanPromised_closesInsteadOfEnding() throws IOException {
        answer = request -> {
            Headers headers = new Headers();
            headers.add("Content-Length", "10");
            request.stream.sendHead(new ResponseHead(200, "OK", headers), false);
            request.stream.sendData(Recorder.bytes("abc"), true);
        };
        try (RawClient client = server.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd())
                    .doesNotContain("HTTP/1.1 200 OK\r\n\r\n");
        }
    }

    @Test
    void injectedLineEnd_inAValueOfOurs_becomesASpace() throws IOException {
        answer = request -> {
            Headers headers = new Headers();
            headers.add("X", "a\r\nSet-Cookie: b");
            request.stream.sendHead(new ResponseHead(200, "OK", headers), true);
        };
        try (RawClient client = server.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readTo("\r\n\r\n"))
                    .contains("X: a  Set-Cookie: b\r\n");
        }
    }
}
