package dev.perimeter.proxy.story.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.InternalAddress;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** CONNECT on a stream of HTTP/2 (RFC 9113 section 8.5): many tunnels on one connection, none of which holds up another. */
class Http2ConnectTest {

    static final int WINDOW = 65_535;

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private static Config config(InetSocketAddress upstream) {
        return new Config().connectAllowed().cluster("a", upstream).tunnel("a");
    }

    private static RawHttp2 connect(RawHttp2 client, int stream) throws IOException {
        return client.headers(stream, false, ":method: CONNECT", ":authority: payment:9090");
    }

    /** The status of the head on that stream. */
    private static String status(RawHttp2 client) throws Exception {
        return client.decode(client.next(RawHttp2.HEADERS)).status().toString();
    }

    /** The text of DATA frames until it is that long or the stream ends. */
    static String read(RawHttp2 client, int stream, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            RawHttp2.Frame frame = client.next(RawHttp2.DATA);
            assertThat(frame).as("after: " + text).isNotNull();
            if (frame.stream() == stream) {
                text.append(new String(frame.payload(), StandardCharsets.US_ASCII));
                if (frame.ends()) {
                    return text + "|";
                }
            }
        }
        return text.toString();
    }

    private static String rest(RawUpstream.Connection connection) throws IOException {
        return new String(connection.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void tunnels_onOneConnection_carryBytesBothWays() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    String line = connection.readTo("\n");
                    connection.send("heard " + line);
                    connection.send("and " + rest(connection));
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            for (int stream = 1; stream <= 5; stream += 2) {
                connect(client, stream);
                assertThat(status(client)).isEqualTo("200");
            }
            for (int stream = 5; stream >= 1; stream -= 2) {
                client.data(stream, false, "line " + stream + "\n");
                assertThat(read(client, stream, 13)).isEqualTo("heard line " + stream + "\n");
            }
            for (int stream = 1; stream <= 5; stream += 2) {
                client.data(stream, true, "rest");
                assertThat(read(client, stream, 100)).isEqualTo("and rest|");
            }

            assertThat(upstream.connections()).isEqualTo(3);
            assertThat(proxy.logLines(3))
                    .allSatisfy(line -> assertThat(line)
                            .contains("\"method\":\"CONNECT\"", "\"protocol\":\"HTTP/2\"", "\"status\":200")
                            .contains("\"sent\":21", "\"received\":11", "\"flags\":null", "\"cluster\":\"a\""));
        }
    }

    @Test
    void bytes_thatCameBeforeTheTunnel_areNotLost() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.send("heard " + rest(connection)));
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1).data(1, false, "early ").data(1, true, "bytes");

            assertThat(status(client)).isEqualTo("200");
            assertThat(read(client, 1, 100)).isEqualTo("heard early bytes|");
        }
    }

    @Test
    void upstreamThatEndsFirst_stillHearsTheClient() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.send("bye");
                    connection.socket().shutdownOutput();
                    seen.add(rest(connection));
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            assertThat(read(client, 1, 100)).isEqualTo("bye|");
            client.data(1, false, "one more ").data(1, true, "thing");

            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("one more thing");
            assertThat(proxy.logLines(1).getFirst()).contains("\"sent\":3", "\"received\":14");
        }
    }

    @Test
    void resetOfTheStream_isAResetForTheUpstream_andTheConnectionLives() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo("word");
                    connection.send("heard");
                    try {
                        seen.add("end" + rest(connection));
                    } catch (IOException e) {
                        seen.add("reset");
                    }
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            client.data(1, false, "word");
            assertThat(read(client, 1, 5)).isEqualTo("heard");
            client.frame(RawHttp2.RST_STREAM, 0, 1, RawHttp2.number((int) Http2Error.CANCEL.code()));

            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
            connect(client, 3);
            assertThat(status(client)).isEqualTo("200");
        }
    }

    @Test
    void resetOfTheUpstream_isAResetOfTheStream_andTheConnectionLives() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo("word");
                    connection.reset();
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            client.data(1, false, "word");

            assertThat(client.next(RawHttp2.RST_STREAM).code()).isEqualTo((int) Http2Error.CONNECT_ERROR.code());
            connect(client, 3);
            assertThat(status(client)).isEqualTo("200");
        }
    }

    @Test
    void deadEndpoint_is503_andARouteForNothing404() throws Exception {
        try (RunningProxy proxy =
                        new RunningProxy(config(RawUpstream.deadAddress()).http());
                RunningProxy other = new RunningProxy(new Config()
                        .connectAllowed()
                        .cluster("a")
                        .route("/", "a")
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address());
                RawHttp2 stranger = new RawHttp2(other.address())) {
            connect(client, 1);
            assertThat(client.answer(1).status()).isEqualTo(503);
            connect(stranger, 1);
            assertThat(stranger.answer(1).status()).isEqualTo(404);
        }
    }

    @Test
    void connect_whereItIsNotAllowed_isRefusedAndTheConnectionLives() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(
                        new Config().cluster("a", web.address()).route("/", "a").http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(client.answer(1).status()).isEqualTo(501);
            client.get(3, "/");
            assertThat(client.answer(3).body()).isEqualTo("web");
        }
    }

    /** The client's window for a stream bounds what the proxy may take of the upstream for it. */
    @Test
    void slowReader_holdsUpItsUpstreamAndNoOther() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch stop = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    if (connection.number() > 1) {
                        connection.send("quick");
                        rest(connection);
                        return;
                    }
                    byte[] piece = new byte[16 * 1024];
                    while (stop.getCount() > 0) {
                        connection.socket().getOutputStream().write(piece);
                        written.addAndGet(piece.length);
                    }
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            read(client, 1, WINDOW);
            // Only the window of the stream is used up, since that of the connection is given back.
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(1 << 20));
            AtomicLong before = new AtomicLong(-1);
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        long now = written.get();
                        return before.getAndSet(now) == now;
                    });
            // What sockets hold; the proxy itself takes one read and one write buffer.
            assertThat(written.get()).isLessThan(16 << 20);
            connect(client, 3);
            assertThat(status(client)).isEqualTo("200");
            assertThat(read(client, 3, 5)).isEqualTo("quick");
            long stuck = written.get();
            // More than sockets hold, so that the upstream must have written again.
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 1, RawHttp2.number(16 << 20));
            client.frame(RawHttp2.WINDOW_UPDATE, 0, 0, RawHttp2.number(16 << 20));
            read(client, 1, 16 << 20);
            Awaitility.await().atMost(RunningProxy.PATIENCE).until(() -> written.get() > stuck);
            stop.countDown();
        }
    }

    @Test
    void slowUpstream_holdsUpItsClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        int size = 32 << 20;
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    go.await();
                    int sum = 0;
                    byte[] buffer = new byte[65_536];
                    while (sum < size) {
                        sum += connection.socket().getInputStream().read(buffer);
                    }
                    connection.send("all of it");
                });
                RunningProxy proxy = new RunningProxy(config(upstream.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            Uploader uploader = new Uploader(client, size);
            int stuckAt = uploader.untilTheWindowIsEmpty();
            assertThat(stuckAt).isLessThan(size);
            go.countDown();
            assertThat(uploader.finish()).isEqualTo("all of it|");
        }
    }

    @Test
    void silentTunnel_endsByTheIdleTimeout_andTheConnectionLives() throws Exception {
        HttpTimeouts quick = new HttpTimeouts(
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    try {
                        rest(connection);
                        seen.add("end");
                    } catch (IOException e) {
                        seen.add("reset");
                    }
                });
                RunningProxy proxy = new RunningProxy(
                        config(upstream.address()).timeouts(quick).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");

            assertThat(client.next(RawHttp2.RST_STREAM).stream()).isEqualTo(1);
            // What came is not the whole, and must not look like it.
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
            connect(client, 3);
            assertThat(status(client)).isEqualTo("200");
        }
    }

    /** HTTP/2 within HTTP/2: the tunnel is a connection of another listener, which finds out what it speaks. */
    @Test
    void tunnelToAnInternalListener_isAConnectionOfIt() throws Exception {
        try (FakeUpstream web = FakeUpstream.named("web");
                RunningProxy proxy = new RunningProxy(intoTheProxy(web.address()));
                RawHttp2 client = new RawHttp2(proxy.address())) {
            connect(client, 1);
            assertThat(status(client)).isEqualTo("200");
            client.data(1, false, "GET /inner HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(read(client, 1, 15)).startsWith("HTTP/1.1 200 OK");

            connect(client, 3);
            assertThat(status(client)).isEqualTo("200");
            byte[] preface = ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
            client.frame(RawHttp2.DATA, 0, 3, preface);
            client.frame(RawHttp2.DATA, 0, 3, RawHttp2.frameBytes(RawHttp2.SETTINGS, 0, 0));
            client.frame(
                    RawHttp2.DATA,
                    0,
                    3,
                    RawHttp2.frameBytes(
                            RawHttp2.HEADERS,
                            RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
                            1,
                            RawHttp2.block(":method: GET", ":scheme: http", ":authority: shop", ":path: /two")));
            StringBuilder inner = new StringBuilder();
            while (!inner.toString().contains("web")) {
                inner.append(read(client, 3, 1));
            }
            assertThat(web.received()).extracting(FakeUpstream.Received::target).containsExactly("/inner", "/two");
        }
    }

    static Config intoTheProxy(InetSocketAddress web) {
        Config config = new Config().connectAllowed().cluster("web", web).route("/", "web");
        config.listener(
                "inside",
                new ListenerFilters(false, null, false, true, Duration.ofSeconds(5), true),
                Sockets.inside(),
                List.of(config.chain("", FilterChainMatch.ANY, config.httpManager("inside"))));
        return config.cluster("inside", InternalAddress.of("inside"))
                .onlyTunnel("inside")
                .http();
    }
}
