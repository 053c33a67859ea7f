package dev.perimeter.proxy.story.h2;

import static dev.perimeter.proxy.story.RawHttp2.CONTINUATION;
import static dev.perimeter.proxy.story.RawHttp2.DATA;
import static dev.perimeter.proxy.story.RawHttp2.END_HEADERS;
import static dev.perimeter.proxy.story.RawHttp2.END_STREAM;
import static dev.perimeter.proxy.story.RawHttp2.GOAWAY;
import static dev.perimeter.proxy.story.RawHttp2.HEADERS;
import static dev.perimeter.proxy.story.RawHttp2.PING;
import static dev.perimeter.proxy.story.RawHttp2.PRIORITY;
import static dev.perimeter.proxy.story.RawHttp2.PUSH_PROMISE;
import static dev.perimeter.proxy.story.RawHttp2.RST_STREAM;
import static dev.perimeter.proxy.story.RawHttp2.SETTINGS;
import static dev.perimeter.proxy.story.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to break HTTP/2 by frames, each with its section of RFC 9113: the right end, and nothing upstream. */
class Http2ViolationTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int CALM = 11;

    private static FakeUpstream upstream;
    private static RunningProxy proxy;

    @FunctionalInterface
    interface Deed {
        void on(RawHttp2 client) throws Exception;
    }

    /** @param code what the connection, or the stream, ends with */
    record Case(String name, int code, Deed deed) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start() {
        upstream = FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, "ok"));
        proxy = new RunningProxy(
                new Config().cluster("a", upstream.address()).route("/", "a").http());
    }

    @AfterAll
    static void stop() {
        proxy.close();
        upstream.close();
    }

    @ParameterizedTest
    @MethodSource
    void brokenConnection_endsByGoAway(Case broken) throws Exception {
        int before = upstream.received().size();
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            broken.deed().on(client);

            RawHttp2.Frame end = client.next(GOAWAY);
            assertThat(end).as("GOAWAY").isNotNull();
            assertThat(end.code()).isEqualTo(broken.code());
            assertThat(client.next()).isNull();
        }
        assertThat(upstream.received()).hasSize(before);
    }

    static List<Case> brokenConnection_endsByGoAway() {
        return List.of(
                new Case("4.1 DATA on stream 0", PROTOCOL_ERROR, c -> c.frame(DATA, 0, 0, (byte) 1)),
                new Case("4.2 frame larger than allowed", FRAME_SIZE_ERROR, c -> c.frame(DATA, 0, 1, new byte[16_385])),
                new Case(
                        "4.3 broken compression",
                        COMPRESSION_ERROR,
                        c -> c.frame(HEADERS, END_HEADERS | END_STREAM, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte)
                                0xff)),
                new Case("5.1 DATA on an idle stream", PROTOCOL_ERROR, c -> c.data(1, true, "x")),
                new Case(
                        "5.1 RST_STREAM on an idle stream",
                        PROTOCOL_ERROR,
                        c -> c.frame(RST_STREAM, 0, 1, RawHttp2.number(8))),
                new Case(
                        "5.1 WINDOW_UPDATE on an idle stream",
                        PROTOCOL_ERROR,
                        c -> c.frame(WINDOW_UPDATE, 0, 1, RawHttp2.number(8))),
                new Case("5.1.1 even stream", PROTOCOL_ERROR, c -> c.get(2, "/")),
                new Case("6.2 HEADERS on stream 0", PROTOCOL_ERROR, c -> c.get(0, "/")),
                new Case(
                        "6.2 padding longer than the frame",
                        PROTOCOL_ERROR,
                        c -> c.frame(HEADERS, END_HEADERS | 8, 1, (byte) 20, (byte) 0x82)),
                new Case("6.3 PRIORITY on stream 0", PROTOCOL_ERROR, c -> c.frame(PRIORITY, 0, 0, new byte[5])),
                new Case("6.4 RST_STREAM of wrong size", FRAME_SIZE_ERROR, c -> c.frame(RST_STREAM, 0, 1, new byte[3])),
                new Case("6.5 SETTINGS on a stream", PROTOCOL_ERROR, c -> c.frame(SETTINGS, 0, 1)),
                new Case("6.5 SETTINGS of wrong size", FRAME_SIZE_ERROR, c -> c.frame(SETTINGS, 0, 0, new byte[5])),
                new Case(
                        "6.5 acknowledgement with content",
                        FRAME_SIZE_ERROR,
                        c -> c.frame(SETTINGS, 1, 0, new byte[6])),
                new Case(
                        "6.5.2 window larger than 2^31-1",
                        FLOW_CONTROL_ERROR,
                        c -> c.frame(SETTINGS, 0, 0, RawHttp2.setting(4, 0x80000000))),
                new Case(
                        "6.5.2 frame size below 2^14",
                        PROTOCOL_ERROR,
                        c -> c.frame(SETTINGS, 0, 0, RawHttp2.setting(5, 100))),
                new Case(
                        "6.6 PUSH_PROMISE by a client",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/").frame(PUSH_PROMISE, END_HEADERS, 1, RawHttp2.number(2))),
                new Case("6.7 PING on a stream", PROTOCOL_ERROR, c -> c.frame(PING, 0, 1, new byte[8])),
                new Case("6.7 PING of wrong size", FRAME_SIZE_ERROR, c -> c.frame(PING, 0, 0, new byte[7])),
                new Case("6.8 GOAWAY on a stream", PROTOCOL_ERROR, c -> c.frame(GOAWAY, 0, 1, new byte[8])),
                new Case(
                        "6.9 WINDOW_UPDATE of nothing",
                        PROTOCOL_ERROR,
                        c -> c.frame(WINDOW_UPDATE, 0, 0, RawHttp2.number(0))),
                new Case(
                        "6.9.1 connection window too large",
                        FLOW_CONTROL_ERROR,
                        c -> c.frame(WINDOW_UPDATE, 0, 0, RawHttp2.number(0x7fffffff))),
                new Case(
                        "6.10 CONTINUATION out of nowhere",
                        PROTOCOL_ERROR,
                        c -> c.frame(CONTINUATION, END_HEADERS, 1, (byte) 0x82)),
                new Case(
                        "6.10 another frame within a header block",
                        PROTOCOL_ERROR,
                        c -> c.frame(HEADERS, 0, 1, (byte) 0x82).frame(PING, 0, 0, new byte[8])),
                new Case("CVE-2024-27316 CONTINUATION without end", CALM, c -> {
                    c.frame(HEADERS, 0, 1, (byte) 0x82);
                    for (int i = 0; i < 200; i++) {
                        c.frame(CONTINUATION, 0, 1, RawHttp2.block("a: b"));
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource
    void brokenStream_isReset_andTheConnectionLives(Case broken) throws Exception {
        int before = upstream.received().size();
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            broken.deed().on(client);

            RawHttp2.Frame end = client.next(RST_STREAM);
            assertThat(end.stream()).isEqualTo(1);
            assertThat(end.code()).isEqualTo(broken.code());
            assertThat(client.get(11, "/").answer(11).body()).isEqualTo("ok");
        }
        assertThat(upstream.received()).hasSize(before + 1);
    }

    static List<Case> brokenStream_isReset_andTheConnectionLives() {
        return List.of(
                new Case(
                        "8.2.2 connection field",
                        PROTOCOL_ERROR,
                        c -> c.headers(
                                1,
                                true,
                                ":method: GET",
                                ":scheme: http",
                                ":authority: a",
                                ":path: /",
                                "connection: close")),
                new Case(
                        "8.3.1 no path",
                        PROTOCOL_ERROR,
                        c -> c.headers(1, true, ":method: GET", ":scheme: http", ":authority: a")),
                new Case(
                        "8.1.1 content shorter than said",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/", "content-length: 5").data(1, true, "123")),
                new Case(
                        "8.1.1 content longer than said",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/", "content-length: 2").data(1, false, "123")),
                new Case(
                        "8.1.1 no content where some was said",
                        PROTOCOL_ERROR,
                        c -> c.headers(
                                1,
                                true,
                                ":method: GET",
                                ":scheme: http",
                                ":authority: a",
                                ":path: /",
                                "content-length: 5")),
                new Case(
                        "8.1 second head without end",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/").headers(1, false, "a: b")),
                new Case(
                        "8.1 pseudo field in trailers",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/").headers(1, true, ":path: /x")),
                new Case(
                        "6.9 WINDOW_UPDATE of nothing",
                        PROTOCOL_ERROR,
                        c -> c.post(1, "/").frame(WINDOW_UPDATE, 0, 1, RawHttp2.number(0))),
                new Case(
                        "6.9.1 window too large",
                        FLOW_CONTROL_ERROR,
                        c -> c.post(1, "/").frame(WINDOW_UPDATE, 0, 1, RawHttp2.number(0x7fffffff))));
    }

    @Test
    void dataBehindTheEnd_resetsTheStream() throws Exception {
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            client.bytes(RawHttp2.frameBytes(
                    HEADERS,
                    END_HEADERS | END_STREAM,
                    1,
                    RawHttp2.block(":method: GET", ":scheme: http", ":authority: a", ":path: /")));
            client.data(1, false, "x");

            RawHttp2.Frame end = client.next(RST_STREAM);
            assertThat(end.code()).as("RFC 9113 section 5.1").isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void malformedHead_isAnsweredBeforeTheReset_andLogged() throws Exception {
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            client.headers(1, true, ":method: GET", ":scheme: http", ":authority: a", ":path: bad");

            RawHttp2.Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("RFC 9113");
            assertThat(proxy.logLines(1)).anyMatch(line -> line.contains("http2.path") && line.contains("DPE"));
        }
    }

    @Test
    void tooLargeHead_isAnswered431_andTheConnectionLives() throws Exception {
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            byte[] block = RawHttp2.block(
                    ":method: GET", ":scheme: http", ":authority: a", ":path: /", "a: " + "x".repeat(61_400));
            client.frame(HEADERS, END_STREAM, 1, java.util.Arrays.copyOf(block, 16_000));
            for (int at = 16_000; at < block.length; at += 16_000) {
                int end = Math.min(block.length, at + 16_000);
                client.frame(
                        CONTINUATION,
                        end == block.length ? END_HEADERS : 0,
                        1,
                        java.util.Arrays.copyOfRange(block, at, end));
            }
            assertThat(client.answer(1).status()).isEqualTo(431);
            assertThat(client.get(3, "/").answer(3).body()).isEqualTo("ok");
        }
    }
}
