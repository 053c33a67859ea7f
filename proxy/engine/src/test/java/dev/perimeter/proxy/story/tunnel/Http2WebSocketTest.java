package dev.perimeter.proxy.story.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.Http2Exchange;
import dev.perimeter.proxy.testkit.Http2Upstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import dev.perimeter.proxy.testkit.WebSocketEcho;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** WebSocket over HTTP/2 (RFC 8441), on either side of a hop or on both. */
class Http2WebSocketTest {

    private static final char ENABLE_CONNECT_PROTOCOL = 8;
    private static final Http2Options USUAL = Http2Options.DEFAULTS;
    private static final Http2Options EXTENDED = new Http2Options(
            USUAL.maxConcurrentStreams(),
            USUAL.streamWindow(),
            USUAL.connectionWindow(),
            USUAL.hpackTableSize(),
            true,
            USUAL.floods(),
            USUAL.keepAlive());

    /** The example of RFC 6455 section 1.3. */
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final String OFFER =
            "GET /chat HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + "Sec-WebSocket-Key: "
                    + KEY + "\r\nSec-WebSocket-Version: 13\r\n\r\n";

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private static Config config(InetSocketAddress upstream) {
        return new Config()
                .codec(Codec.AUTO, EXTENDED)
                .upgrades("websocket")
                .cluster("a", upstream)
                .route("/", "a");
    }

    private static Config toHttp2(InetSocketAddress upstream) {
        return new Config()
                .codec(Codec.AUTO, EXTENDED)
                .upgrades("websocket")
                .http2()
                .cluster("a", upstream)
                .route("/", "a");
    }

    private static Http2Upstream upstream(boolean extended, Http2Upstream.Behaviour behaviour) {
        Http2Settings settings = Http2Settings.defaultSettings();
        if (extended) {
            settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
        }
        return Http2Upstream.serving(settings, behaviour);
    }

    /** Opens stream 1 as a WebSocket and tells the head of the answer. */
    private static Http2Headers open(RawHttp2 client, String protocol) throws Exception {
        client.headers(
                1,
                false,
                ":method: CONNECT",
                ":protocol: " + protocol,
                ":scheme: http",
                ":authority: shop",
                ":path: /chat",
                "sec-websocket-version: 13");
        return client.decode(client.next(RawHttp2.HEADERS));
    }

    /** A masked text frame with a mask of zeros. */
    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[6 + bytes.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length);
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }

    /** As much content as is wanted, in however many frames it comes. */
    private static String data(RawHttp2 client, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(new String(client.next(RawHttp2.DATA).payload(), StandardCharsets.ISO_8859_1));
        }
        return text.toString();
    }

    /** All content up to the end of the stream. */
    private static String toEnd(RawHttp2 client) throws IOException {
        StringBuilder text = new StringBuilder();
        RawHttp2.Frame frame;
        do {
            frame = client.next(RawHttp2.DATA);
            text.append(new String(frame.payload(), StandardCharsets.ISO_8859_1));
        } while (!frame.ends());
        return text.toString();
    }

    @Test
    void settings_offerExtendedConnect_onlyWhereItIsConfigured() throws Exception {
        try (RawUpstream web = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy proxy = new RunningProxy(config(web.address()).http());
                RunningProxy plain = new RunningProxy(config(web.address())
                        .codec(Codec.AUTO, Http2Options.DEFAULTS)
                        .http());
                RawHttp2 client = new RawHttp2(proxy.address());
                RawHttp2 refused = new RawHttp2(plain.address())) {
            assertThat(client.next(RawHttp2.SETTINGS).payload()).containsSequence(0, 8, 0, 0, 0, 1);
            assertThat(open(refused, "websocket").status()).hasToString("400");
        }
    }

    @Test
    void http2ToHttp1_theProxyAsksForTheProof_andLooksAtIt() throws Exception {
        try (RawUpstream web = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy proxy = new RunningProxy(config(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            Http2Headers head = open(client, "websocket");
            assertThat(head.status()).hasToString("200");
            assertThat(head.contains("sec-websocket-accept")).isFalse();
            assertThat(head.contains("upgrade")).isFalse();
            for (int i = 0; i < 10; i++) {
                client.frame(RawHttp2.DATA, 0, 1, text("word " + i));
                assertThat(data(client, 8)).isEqualTo("\u0081\u0006word " + i);
            }
            client.frame(
                    RawHttp2.DATA,
                    RawHttp2.END_STREAM,
                    1,
                    (byte) 0x88,
                    (byte) 0x80,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0,
                    (byte) 0);
            assertThat(toEnd(client)).isEqualTo("\u0088\0");
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"protocol\":\"HTTP/2\"", "\"status\":101", "\"path\":\"/chat\"", "\"flags\":null");
        }
    }

    @Test
    void http2ToHttp1_withoutTheProof_isABadGateway() throws Exception {
        try (RawUpstream web = RawUpstream.running(connection -> {
                    seen.add(connection.readHead());
                    connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Accept: " + ACCEPT + "\r\n\r\n");
                    connection.readTo("never");
                });
                RunningProxy proxy = new RunningProxy(config(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "websocket").status()).hasToString("502");
            assertThat(seen.take()).containsIgnoringCase("sec-websocket-key: ");
        }
    }

    @Test
    void http2ToHttp1_refused_isTheUpstreamsAnswer() throws Exception {
        try (RawUpstream web = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
                });
                RunningProxy proxy = new RunningProxy(config(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "websocket").status()).hasToString("403");
            assertThat(data(client, 2)).isEqualTo("no");
        }
    }

    @Test
    void otherProtocol_thanThoseAllowed_isRefused() throws Exception {
        try (RawUpstream web = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy proxy = new RunningProxy(config(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "chat").status()).hasToString("403");
            assertThat(web.connections()).isZero();
        }
    }

    private static void echo(Http2Exchange exchange) throws Exception {
        exchange.respond(200, false);
        for (byte[] piece = exchange.piece(); piece != null; piece = exchange.piece()) {
            exchange.send(new String(piece, StandardCharsets.ISO_8859_1), false);
        }
        exchange.send("", true);
    }

    @Test
    void http2ToHttp2_isAnExtendedConnectAgain() throws Exception {
        try (Http2Upstream web = upstream(true, exchange -> {
                    seen.add(exchange.head().toString());
                    echo(exchange);
                });
                RunningProxy proxy = new RunningProxy(toHttp2(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "websocket").status()).hasToString("200");
            assertThat(seen.take())
                    .contains(":method: CONNECT", ":protocol: websocket", ":path: /chat", ":scheme: http")
                    .doesNotContain("sec-websocket-key");
            client.data(1, false, "to and fro");
            assertThat(data(client, 10)).isEqualTo("to and fro");
            client.data(1, false, "end");
            assertThat(data(client, 3)).isEqualTo("end");
            client.data(1, true, "");
            assertThat(toEnd(client)).isEmpty();
        }
    }

    @Test
    void http1ToHttp2_theProxyGivesTheProof() throws Exception {
        try (Http2Upstream web = upstream(true, exchange -> {
                    seen.add(exchange.head().toString());
                    echo(exchange);
                });
                RunningProxy proxy = new RunningProxy(toHttp2(web.address()).http());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(OFFER).readTo("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("sec-websocket-accept: " + ACCEPT);
            assertThat(seen.take()).contains(":protocol: websocket").doesNotContain("sec-websocket-key");
            assertThat(client.send("to and fro").readTo("fro")).isEqualTo("to and fro");
            client.shutdownOutput();
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void http1ToHttp2_upstreamWithoutExtendedConnect_is502OrRefused() throws Exception {
        try (Http2Upstream web = upstream(false, Http2WebSocketTest::echo);
                RunningProxy proxy = new RunningProxy(toHttp2(web.address()).http());
                RawClient client = new RawClient(proxy.address())) {
            assertThat(client.send(OFFER).readTo("\r\n\r\n")).startsWith("HTTP/1.1 50");
        }
    }

    /** Two hops: the versions in the middle do not show at the ends. */
    @Test
    void http1OverHttp2ToHttp1_isCarriedWhole() throws Exception {
        try (RawUpstream web = RawUpstream.running(WebSocketEcho::serve);
                RunningProxy second = new RunningProxy(config(web.address()).http());
                RunningProxy first = new RunningProxy(toHttp2(second.address()).http());
                RawClient client = new RawClient(first.address())) {
            assertThat(client.send(OFFER).readTo("\r\n\r\n"))
                    .startsWith("HTTP/1.1 101")
                    .containsIgnoringCase("sec-websocket-accept: " + ACCEPT);
            client.send(text("hello"));
            assertThat(client.readTo("hello")).isEqualTo("\u0081\u0005hello");
            client.send(new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});
            assertThat(client.readToEnd()).isEqualTo("\u0088\0");
        }
    }

    @Test
    void upstreamThatEndsFirst_stillHearsTheClient_overHttp2OnBothSides() throws Exception {
        try (Http2Upstream web = upstream(true, exchange -> {
                    exchange.respond(200, false).send("bye", true);
                    seen.add(exchange.content());
                });
                RunningProxy proxy = new RunningProxy(toHttp2(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "websocket").status()).hasToString("200");
            assertThat(toEnd(client)).isEqualTo("bye");
            client.data(1, false, "one more ").data(1, true, "thing");

            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("one more thing");
            assertThat(proxy.logLines(1).getFirst()).contains("\"sent\":3", "\"received\":14", "\"flags\":null");
        }
    }

    @Test
    void clientThatResets_resetsTheUpstreamsStreamAlone() throws Exception {
        try (Http2Upstream web = upstream(true, exchange -> {
                    exchange.respond(200, false);
                    seen.add("code " + exchange.awaitReset());
                });
                RunningProxy proxy = new RunningProxy(toHttp2(web.address()).http());
                RawHttp2 client = new RawHttp2(proxy.address())) {
            assertThat(open(client, "websocket").status()).hasToString("200");
            client.frame(RawHttp2.RST_STREAM, 0, 1, RawHttp2.number(8));

            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("code 8");
            assertThat(web.openConnections()).isEqualTo(1);
        }
    }
}
