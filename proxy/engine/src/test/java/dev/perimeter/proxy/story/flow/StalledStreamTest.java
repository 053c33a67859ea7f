package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Both sides stall, and memory is short: the streams that hold the most go (Envoy: reset_high_memory_stream). */
class StalledStreamTest {

    private static final String COUNT = "envoy_overload_envoy_overload_actions_reset_high_memory_stream_count_total ";

    /** How full the heap counts: less than a hundredth, which reaches the largest class alone, or far too full. */
    private static final long ROOMY = 100 * Runtime.getRuntime().maxMemory();

    private static final long FULL = 1;

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int WINDOW = 256 * 1024;
    private static final int PART = 16 * 1024;

    /** Keeps requests for some paths for ever, and with them what comes behind their heads. */
    private static final NamedFilter HOLDING = new NamedFilter("holding", () -> new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return head.path().startsWith("/held") ? Verdict.LATER : Verdict.NEXT;
        }
    });

    private final CountDownLatch over = new CountDownLatch(1);

    /** Answers a request for a download without end, and reads nothing of an upload. */
    private final RawUpstream upstream = RawUpstream.running(connection -> {
        if (connection.readHead().startsWith("GET /endless ")) {
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
            while (true) {
                connection.send(chunk);
            }
        }
        over.await();
    });

    @AfterEach
    void stop() {
        RunningProxy.transport = options -> options;
        over.countDown();
        upstream.close();
    }

    private RunningProxy proxy(long heap, int leastPower) {
        OverloadConfig overload = new OverloadConfig(
                LOOK,
                heap,
                0,
                Map.of(),
                leastPower,
                List.of(new Trigger(Action.RESET_HIGH_MEMORY_STREAM, Pressure.HEAP, 0, 1)));
        RunningProxy.transport = options -> options.withOverload(overload);
        return new RunningProxy(new Config()
                .filters(HOLDING, Config.ROUTER)
                .cluster("up", upstream.address())
                .route("/", "up")
                .http());
    }

    private static String count(RunningProxy proxy) {
        return proxy.dataPlane()
                .metrics()
                .prometheus()
                .lines()
                .filter(line -> line.startsWith(COUNT))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void download_thatNobodyReads_isReset_onBothSides() throws Exception {
        try (RunningProxy proxy = proxy(FULL, 16);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"flags\":\"OM\"", "\"details\":\"overload\"", "\"status\":200");
            assertThat(count(proxy)).isEqualTo(COUNT + 1);
            assertThat(endsWell(client)).isFalse();
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> proxy.dataPlane().bufferedBytes() == 0);
        }
    }

    private static boolean endsWell(RawClient client) {
        try {
            return client.readToEnd().endsWith("\r\n0\r\n\r\n");
        } catch (IOException reset) {
            return false;
        }
    }

    @Test
    void upload_thatNobodyReads_isAnsweredWith503_andItsBuffersAreFree() throws Exception {
        try (RunningProxy proxy = proxy(FULL, 16);
                RawClient client = new RawClient(proxy.address())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
            Thread sender = pour(client);

            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"flags\":\"OM\"", "\"details\":\"overload\"", "\"status\":503");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 503").contains("retry-after: 1\r\n");
            assertThat(count(proxy)).isEqualTo(COUNT + 1);
            client.socket().close();
            sender.join();
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> proxy.dataPlane().bufferedBytes() == 0);
        }
    }

    private static Thread pour(RawClient client) {
        byte[] part = new byte[64 * 1024];
        return Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.send(part);
                }
            } catch (IOException ended) {
                // As it must.
            }
        });
    }

    @Test
    void smallStreams_areLeftAlone_andSoIsTheConnection() throws Exception {
        try (RunningProxy proxy = proxy(FULL, 16);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            client.post(1, "/held/small").data(1, false, "a little");
            fillTheWindow(client, 3, "/held/large");
            RawHttp2.Answer refused = client.answer(3);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head().get("retry-after")).hasToString("1");
            client.data(1, false, "a little more").frame(RawHttp2.PING, 0, 0, new byte[8]);

            assertThat(client.next(RawHttp2.PING).flags()).isEqualTo(RawHttp2.ACK);
            assertThat(proxy.logLines(1)).singleElement().asString().contains("\"path\":\"/held/large\"");
            assertThat(count(proxy)).isEqualTo(COUNT + 1);
        }
    }

    /** What a stream's window lets in, 2^18 bytes, is of the largest of eight classes when the least is 2^11. */
    @Test
    void littlePressure_reachesTheLargestClass() throws Exception {
        try (RunningProxy proxy = proxy(ROOMY, 11);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            fillTheWindow(client, 1, "/held");

            assertThat(client.answer(1).status()).isEqualTo(503);
            assertThat(count(proxy)).isEqualTo(COUNT + 1);
        }
    }

    @Test
    void littlePressure_doesNotReachTheNextClass() throws Exception {
        try (RunningProxy proxy = proxy(ROOMY, 12);
                RawHttp2 client = new RawHttp2(proxy.address())) {
            fillTheWindow(client, 1, "/held");
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> proxy.dataPlane().bufferedBytes() >= WINDOW);
            // Several looks later.
            for (int i = 0; i < 10; i++) {
                Awaitility.await().pollDelay(LOOK).until(() -> true);
            }

            assertThat(count(proxy)).isEqualTo(COUNT + 0);
        }
    }

    private static void fillTheWindow(RawHttp2 client, int stream, String path) throws IOException {
        // The window counts once the settings that name it are acknowledged.
        assertThat(client.next(RawHttp2.SETTINGS)).isNotNull();
        client.post(stream, path);
        for (int sent = 0; sent < WINDOW; sent += PART) {
            client.frame(RawHttp2.DATA, 0, stream, new byte[PART]);
        }
    }
}
