package dev.perimeter.proxy.story.h2;

import static dev.perimeter.proxy.story.RawHttp2.DATA;
import static dev.perimeter.proxy.story.RawHttp2.GOAWAY;
import static dev.perimeter.proxy.story.RawHttp2.HEADERS;
import static dev.perimeter.proxy.story.RawHttp2.PING;
import static dev.perimeter.proxy.story.RawHttp2.PRIORITY;
import static dev.perimeter.proxy.story.RawHttp2.RST_STREAM;
import static dev.perimeter.proxy.story.RawHttp2.SETTINGS;
import static dev.perimeter.proxy.story.RawHttp2.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.observe.metric.HttpMetric;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.Http2Options.Floods;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames that cost their sender nothing and us something: in numbers they end the connection, and are counted. */
class Http2FloodTest {

    private static final int CALM = 11;
    private static final int CANCEL = 8;
    private static final int UNKNOWN = 0x66;

    /** Small, so that what a kernel keeps for a client that does not read is soon full. */
    private static final Http2Options OPTIONS = with(new Floods(500, 50, 1, 100, 10));

    private static FakeUpstream upstream;
    private static RunningProxy proxy;

    @FunctionalInterface
    interface Flood {
        void pour(RawHttp2 client) throws IOException;
    }

    record Case(String name, HttpMetric metric, Flood flood) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Http2Options with(Floods floods) {
        Http2Options usual = Http2Options.DEFAULTS;
        return new Http2Options(
                usual.maxConcurrentStreams(),
                usual.streamWindow(),
                usual.connectionWindow(),
                usual.hpackTableSize(),
                usual.allowConnect(),
                floods,
                usual.keepAlive());
    }

    private static Config config() {
        return new Config().codec(Codec.HTTP2, OPTIONS).cluster("a", upstream.address());
    }

    @BeforeAll
    static void start() {
        upstream = FakeUpstream.answering(request -> FakeUpstream.Answer.text(200, "ok"));
        proxy = new RunningProxy(config().route("/", "a").http());
    }

    @AfterAll
    static void stop() {
        proxy.close();
        upstream.close();
    }

    private static long count(HttpMetric metric) {
        return proxy.dataPlane().metrics().http("http").total(metric);
    }

    @ParameterizedTest
    @MethodSource("floods")
    void flood_endsWithEnhanceYourCalm_andIsCounted(Case flood) throws Exception {
        long before = count(flood.metric());
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            flood.flood().pour(client);

            RawHttp2.Frame end = client.next(GOAWAY);
            assertThat(end).as("GOAWAY").isNotNull();
            assertThat(end.code()).isEqualTo(CALM);
        }
        assertThat(count(flood.metric())).isEqualTo(before + 1);
    }

    static List<Case> floods() {
        return List.of(
                new Case("rapid reset", HttpMetric.HTTP2_PREMATURE_RESETS, client -> {
                    for (int stream = 1; stream < 2 * 520; stream += 2) {
                        client.get(stream, "/").frame(RST_STREAM, 0, stream, RawHttp2.number(CANCEL));
                    }
                }),
                new Case("streams that we are made to reset", HttpMetric.HTTP2_PREMATURE_RESETS, client -> {
                    for (int stream = 1; stream < 2 * 520; stream += 2) {
                        client.get(stream, "/").frame(WINDOW_UPDATE, 0, stream, RawHttp2.number(0));
                    }
                }),
                new Case("malformed requests", HttpMetric.HTTP2_PREMATURE_RESETS, client -> {
                    for (int stream = 1; stream < 2 * 520; stream += 2) {
                        client.headers(
                                stream, true, ":method: GET", ":scheme: http", ":authority: a", ":path: /", "X: 1");
                    }
                }),
                new Case(
                        "entries in one SETTINGS",
                        HttpMetric.HTTP2_CONTROL,
                        client -> client.frame(SETTINGS, 0, 0, times(33, RawHttp2.setting(4, 65_535)))),
                new Case(
                        "SETTINGS",
                        HttpMetric.HTTP2_CONTROL,
                        client -> client.bytes(times(101, RawHttp2.frameBytes(SETTINGS, 0, 0)))),
                new Case(
                        "GOAWAY",
                        HttpMetric.HTTP2_CONTROL,
                        client -> client.bytes(times(11, RawHttp2.frameBytes(GOAWAY, 0, 0, new byte[8])))),
                new Case(
                        "frames of an unknown type",
                        HttpMetric.HTTP2_CONTROL,
                        client -> client.bytes(times(101, RawHttp2.frameBytes(UNKNOWN, 0, 0)))),
                new Case("empty DATA", HttpMetric.HTTP2_EMPTY_FRAMES, client -> {
                    client.post(1, "/");
                    client.frame(DATA, 0, 1).frame(DATA, 0, 1);
                }),
                new Case(
                        "PRIORITY",
                        HttpMetric.HTTP2_PRIORITY,
                        client -> client.bytes(times(101, RawHttp2.frameBytes(PRIORITY, 0, 1, new byte[5])))),
                new Case(
                        "WINDOW_UPDATE",
                        HttpMetric.HTTP2_WINDOW_UPDATE,
                        client ->
                                client.bytes(times(6, RawHttp2.frameBytes(WINDOW_UPDATE, 0, 0, RawHttp2.number(1))))));
    }

    private static byte[] times(int count, byte[] frame) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            frames.writeBytes(frame);
        }
        return frames.toByteArray();
    }

    @Test
    void pings_whoseAnswersNobodyReads_endTheConnection() throws Exception {
        unread(RawHttp2.frameBytes(PING, 0, 0, new byte[8]));
    }

    @Test
    void frames_inTheNumbersOfHonestClients_endNothing() throws Exception {
        try (RawHttp2 client = new RawHttp2(proxy.address(), times(32, RawHttp2.setting(3, 100)))) {
            client.bytes(times(90, RawHttp2.frameBytes(SETTINGS, 0, 0)));
            client.bytes(times(90, RawHttp2.frameBytes(UNKNOWN, 0, 0)));
            // RFC 9113 section 6.8: whoever says that it ends may still be answered.
            client.bytes(times(2, RawHttp2.frameBytes(GOAWAY, 0, 0, new byte[8])));

            assertThat(client.get(1, "/").answer(1).body()).isEqualTo("ok");
        }
    }

    @Test
    void streams_aboveTheLimitThatTheClientKnows_endTheConnectionSooner() throws Exception {
        Http2Options one = new Http2Options(1, 65_535, 65_535, 4096, false, Floods.DEFAULTS, OPTIONS.keepAlive());
        try (RunningProxy own = new RunningProxy(new Config()
                        .codec(Codec.HTTP2, one)
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawHttp2 told = new RawHttp2(own.address());
                RawHttp2 eager = new RawHttp2(own.address());
                RawHttp2 deaf = new RawHttp2(own.address())) {
            // Reading it acknowledges it.
            told.next(SETTINGS);
            above(told, 250);
            assertThat(told.next(GOAWAY).code()).isEqualTo(CALM);

            above(deaf, 1_001);
            assertThat(deaf.next(GOAWAY).code()).isEqualTo(CALM);

            above(eager, 250);
            assertThat(eager.data(1, true, "").answer(1).body()).isEqualTo("ok");
        }
    }

    private static void above(RawHttp2 client, int count) throws IOException {
        client.post(1, "/");
        for (int i = 1; i <= count; i++) {
            client.get(1 + 2 * i, "/");
        }
    }

    /** The GOAWAY stands behind what is not read, so the number is what shows the end. */
    private static void unread(byte[] frame) throws Exception {
        long before = count(HttpMetric.HTTP2_OUTBOUND_CONTROL);
        byte[] many = times(4_000, frame);
        try (RawHttp2 client = new RawHttp2(proxy.address())) {
            long end = System.nanoTime() + RunningProxy.PATIENCE.toNanos();
            while (count(HttpMetric.HTTP2_OUTBOUND_CONTROL) == before && System.nanoTime() < end) {
                client.bytes(many);
            }
            assertThat(count(HttpMetric.HTTP2_OUTBOUND_CONTROL)).isEqualTo(before + 1);
            RawHttp2.Frame last = client.next(GOAWAY);
            assertThat(last).as("GOAWAY").isNotNull();
            assertThat(last.code()).isEqualTo(CALM);
        } catch (SocketException e) {
            assertThat(count(HttpMetric.HTTP2_OUTBOUND_CONTROL)).isEqualTo(before + 1);
        }
    }

    @Test
    void headerBlock_thatIsNeverFinished_endsTheConnectionInTheTimeOfAHead() throws Exception {
        HttpTimeouts quick = new HttpTimeouts(
                Duration.ofMillis(150),
                Duration.ZERO,
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Duration.ofSeconds(5));
        try (RunningProxy own = new RunningProxy(
                        config().timeouts(quick).route("/", "a").http());
                RawHttp2 withheld = new RawHttp2(own.address());
                RawHttp2 half = new RawHttp2(own.address());
                RawHttp2 whole = new RawHttp2(own.address())) {
            // Their acknowledgement must not come in the middle of the block.
            withheld.next(SETTINGS);
            half.next(SETTINGS);
            withheld.frame(HEADERS, 0, 1, (byte) 0x82);
            byte[] head = RawHttp2.frameBytes(HEADERS, RawHttp2.END_HEADERS, 1, new byte[100]);
            half.bytes(java.util.Arrays.copyOf(head, 50));
            assertThat(whole.get(1, "/").answer(1).body()).isEqualTo("ok");

            assertThat(withheld.next(GOAWAY).code()).isEqualTo(CALM);
            assertThat(half.next(GOAWAY).code()).isEqualTo(CALM);
            assertThat(whole.get(3, "/").answer(3).body()).isEqualTo("ok");
        }
    }
}
