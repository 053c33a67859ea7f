package dev.perimeter.proxy.story.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Lifetime;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.Http2Options.KeepAlive;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.Http2Upstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An upstream that speaks HTTP/2 and goes away, is slow, is hostile or falls silent. */
class Http2UpstreamLoadTest {

    private static final String PIECE = "x".repeat(16 * 1024);
    private static final long TOTAL = 64L << 20;

    /** Kernel buffers of two sockets, with what a stream's window lets through; see {@code BackPressureTest}. */
    private static final long MOST_IN_FLIGHT = 24L << 20;

    private static UpstreamProtocol protocol(Lifetime lifetime, KeepAlive keepAlive) {
        Http2Options defaults = Http2Options.DEFAULTS;
        return new UpstreamProtocol(
                Version.HTTP2,
                HttpLimits.DEFAULTS,
                lifetime,
                Duration.ZERO,
                new Http2Options(
                        defaults.maxConcurrentStreams(),
                        defaults.streamWindow(),
                        defaults.connectionWindow(),
                        defaults.hpackTableSize(),
                        false,
                        defaults.floods(),
                        keepAlive));
    }

    private static RunningProxy proxyTo(Http2Upstream upstream, UpstreamProtocol protocol) {
        return new RunningProxy(new Config()
                .protocol(protocol)
                .cluster("a", upstream.address())
                .route("/", "a")
                .http());
    }

    private static final KeepAlive NO_PINGS = new KeepAlive(Duration.ZERO, Duration.ZERO);

    private static void allSucceed(RunningProxy proxy, int requests, int atOnce) throws Exception {
        for (int sent = 0; sent < requests; ) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < atOnce; i++, sent++) {
                answers.add(proxy.client()
                        .sendAsync(
                                HttpRequest.newBuilder(proxy.uri("/" + sent)).build(),
                                HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> response = answer.get(20, TimeUnit.SECONDS);
                assertThat(response.statusCode())
                        .as(() -> String.valueOf(response.headers().map()))
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void goAwayUnderLoad_losesNoRequest() throws Exception {
        AtomicInteger served = new AtomicInteger();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (served.incrementAndGet() % 20 == 0) {
                        // What comes after this stream on its connection is not looked at.
                        exchange.goAway(Http2Error.NO_ERROR, 0);
                    }
                    exchange.answer(200, "ok");
                });
                RunningProxy proxy = proxyTo(upstream, protocol(Lifetime.idle(Duration.ofMinutes(1)), NO_PINGS))) {
            allSucceed(proxy, 600, 15);

            assertThat(upstream.connections()).isGreaterThan(10);
        }
    }

    @Test
    void connectionsWithFewRequests_retireWithoutLosingOne() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> exchange.answer(200, "ok"));
                RunningProxy proxy =
                        proxyTo(upstream, protocol(new Lifetime(Duration.ofMinutes(1), Duration.ZERO, 10), NO_PINGS))) {
            allSucceed(proxy, 200, 10);

            assertThat(upstream.connections()).isBetween(20, 24);
            Awaitility.await().atMost(RunningProxy.PATIENCE).until(() -> upstream.openConnections() <= 2);
        }
    }

    @Test
    void connectionsOfAge_retireWithoutLosingARequest() throws Exception {
        Lifetime short_ = new Lifetime(Duration.ofMinutes(1), Duration.ofMillis(40), 0);
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> exchange.answer(200, "ok"));
                RunningProxy proxy = proxyTo(upstream, protocol(short_, NO_PINGS))) {
            long end = System.nanoTime() + RunningProxy.PATIENCE.toNanos();
            while (upstream.connections() <= 4 && System.nanoTime() < end) {
                allSucceed(proxy, 10, 10);
            }
            assertThat(upstream.connections()).isGreaterThan(4);
        }
    }

    @Test
    void idleConnection_isClosed() throws Exception {
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> exchange.answer(200, "ok"));
                RunningProxy proxy = proxyTo(upstream, protocol(Lifetime.idle(Duration.ofMillis(50)), NO_PINGS))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            Awaitility.await().atMost(RunningProxy.PATIENCE).until(() -> upstream.openConnections() == 0);
        }
    }

    @Test
    void slowClient_holdsItsStreamAndNoOther() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    if (exchange.header(":path").equals("/large")) {
                        exchange.respond(200, false);
                        while (sent.get() < TOTAL) {
                            // Waits until flow control lets it go.
                            exchange.send(PIECE, false);
                            sent.addAndGet(PIECE.length());
                        }
                        exchange.send("", true);
                    } else {
                        exchange.answer(200, "ok");
                    }
                });
                RunningProxy proxy = proxyTo(upstream, protocol(Lifetime.idle(Duration.ofMinutes(1)), NO_PINGS));
                RawClient slow = new RawClient(proxy.address())) {
            slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            slow.readTo("\r\n\r\n");
            AtomicLong last = new AtomicLong(-1);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(250))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());

            assertThat(sent.get()).isLessThan(MOST_IN_FLIGHT);
            allSucceed(proxy, 20, 4);
            assertThat(upstream.connections()).isLessThanOrEqualTo(2);
            assertThat(drain(slow)).isGreaterThanOrEqualTo(TOTAL);
        }
    }

    /** Everything up to the last chunk, counted with the chunks' heads. */
    private static long drain(RawClient client) throws Exception {
        byte[] read = new byte[256 * 1024];
        long count = 0;
        String tail = "";
        while (!tail.endsWith("0\r\n\r\n")) {
            int n = client.socket().getInputStream().read(read);
            count += n;
            tail = (tail + new String(read, Math.max(0, n - 5), Math.min(n, 5), StandardCharsets.ISO_8859_1));
            tail = tail.substring(Math.max(0, tail.length() - 5));
        }
        return count;
    }

    @Test
    void slowUpstream_holdsTheClient() throws Exception {
        CountDownLatch readNow = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        AtomicLong arrived = new AtomicLong();
        try (Http2Upstream upstream = Http2Upstream.serving(exchange -> {
                    readNow.await();
                    for (byte[] piece = exchange.piece(); piece != null; piece = exchange.piece()) {
                        arrived.addAndGet(piece.length);
                        if (arrived.get() == TOTAL) {
                            break;
                        }
                    }
                    exchange.answer(200, "all");
                });
                RunningProxy proxy = proxyTo(upstream, protocol(Lifetime.idle(Duration.ofMinutes(1)), NO_PINGS));
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + TOTAL + "\r\n\r\n");
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    byte[] chunk = new byte[64 * 1024];
                    while (sent.get() < TOTAL) {
                        client.send(chunk);
                        sent.addAndGet(chunk.length);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            AtomicLong last = new AtomicLong(-1);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(250))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());

            assertThat(sent.get()).isLessThan(MOST_IN_FLIGHT);
            readNow.countDown();
            // The answer comes when all was sent, which takes its time on a busy machine.
            sender.join();
            assertThat(client.readTo("all")).startsWith("HTTP/1.1 200");
            assertThat(arrived.get()).isEqualTo(TOTAL);
        }
    }

    @Test
    void silentUpstream_isFoundOutByPing() throws Exception {
        KeepAlive pings = new KeepAlive(Duration.ofMillis(50), Duration.ofMillis(100));
        // SETTINGS, and then not a word.
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.send("\0\0\0\4\0\0\0\0\0");
                    connection.readTo("never");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .protocol(protocol(Lifetime.idle(Duration.ofMinutes(1)), pings))
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            HttpResponse<String> response = proxy.get("/");
            assertThat(response.statusCode()).isIn(502, 503);
            assertThat(response.headers().firstValue("x-proxy-reason"))
                    .get()
                    .asString()
                    .contains("PING");
        }
    }

    private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

    static Stream<Arguments> attacks() {
        return Stream.of(
                Arguments.of("an answer in HTTP/1.1", "HTTP/1.1 400 Bad Request\r\n\r\n"),
                Arguments.of("DATA for a stream that never was", SETTINGS + "\0\0\1\0\0\0\0\0\u0063x"),
                Arguments.of("a frame larger than allowed", SETTINGS + "\u00ff\u00ff\u00ff\0\0\0\0\0\3"),
                Arguments.of("PUSH_PROMISE though it is switched off", SETTINGS + "\0\0\5\5\4\0\0\0\3\0\0\0\2\u0088"),
                Arguments.of(
                        "CONTINUATIONs without content or end",
                        SETTINGS + "\0\0\1\1\0\0\0\0\3\u0088" + "\0\0\0\u0009\0\0\0\0\3".repeat(1000)),
                Arguments.of("a window beyond all bounds", SETTINGS + "\0\0\4\u0008\0\0\0\0\0\u007f\u00ff\u00ff\u00ff"),
                Arguments.of("HPACK that points nowhere", SETTINGS + "\0\0\1\1\4\0\0\0\3\u00fe"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void hostileUpstream_losesItsConnection(String name, String attack) throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo("SM\r\n\r\n");
                    connection.send(attack);
                    connection.readTo("never");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .http2()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            assertThat(proxy.get("/").statusCode()).isIn(502, 503);
        }
    }
}
