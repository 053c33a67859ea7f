package dev.perimeter.proxy.sidecar.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sidecar with its 32 MiB of heap, an upstream that takes nothing, and clients that send and send: it refuses what is too
 * much before its memory is in danger, lives, and serves again. Clients that go are no help, as their end stands behind
 * what nobody reads; so it is the upstream that goes, or the streams are reset.
 */
class SmallHeapTest {

    /** Of the heap and of the buffers outside it together, of which each has 32 MiB. */
    private static final String OVERLOAD = """
        overload_manager:
          refresh_interval: 0.02s
          resource_monitors:
            - name: envoy.resource_monitors.fixed_heap
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig
                max_heap_size_bytes: %d
          actions:
            - name: envoy.overload_actions.stop_accepting_requests
              triggers:
                - {name: envoy.resource_monitors.fixed_heap, threshold: {value: 0.9}}
        """.formatted(27 << 20);

    /** Behind {@link #OVERLOAD}: one more action, and what it is for. */
    private static final String RESET = """
            - name: envoy.overload_actions.reset_high_memory_stream
              triggers:
                - {name: envoy.resource_monitors.fixed_heap, threshold: {value: 0.9}}
          buffer_factory_config: {minimum_account_to_track_power_of_two: 13}
        """;

    private static final int MOST_CLIENTS = 2000;

    /** Of whose bodies the proxy would hold 64 KiB each or more. */
    private static final int ENOUGH_CLIENTS = 400;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String UPLOAD = "POST /silent HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n";

    private static final String PART = "b".repeat(64 * 1024);

    /** Small, since the kernel's memory for sockets can run short before the proxy's does. */
    private static final int SOCKET_BUFFER = 16 * 1024;

    /** The kernel keeps some megabytes for each connection before the proxy has to. */
    private static final int MORE_THAN_SOCKETS_HOLD = 256;

    private final CountDownLatch over = new CountDownLatch(1);

    /** Answers what asks for it; of all else it reads the first line, and keeps the connection until the test says so. */
    private final RawUpstream upstream = RawUpstream.running(
            connection -> {
                while (connection.readTo("\r\n").startsWith("GET /answer")) {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
                }
                over.await();
            },
            SOCKET_BUFFER);

    @AfterEach
    void stop() {
        over.countDown();
        upstream.close();
    }

    private SidecarProcess sidecar(Path folder, String overload) {
        return SidecarProcess.start(
                folder, Bootstraps.serving(0, upstream.address().getPort(), 1) + overload);
    }

    @Test
    void floodsOfHeadsAndOfBodies_areRefusedInTime_andTheProxyServesOn(@TempDir Path folder) throws Exception {
        try (SidecarProcess sidecar = sidecar(folder, OVERLOAD)) {
            InetSocketAddress proxy = sidecar.awaitReady().listener("http");

            flood(proxy, "GET /silent HTTP/1.1\r\nHost: a\r\nx-big: " + "b".repeat(50_000) + "\r\n\r\n", 0);
            servesAgain(proxy);
            flood(proxy, UPLOAD, MORE_THAN_SOCKETS_HOLD);
            over.countDown();
            servesAgain(proxy);
            assertThat(sidecar.jvm().process().isAlive()).isTrue();
            assertThat(sidecar.jvm().errors())
                    .contains("load is shed", "load is taken again")
                    .doesNotContain("OutOfMemory", "OutOfDirectMemory", "ERROR", "\tat ");
        }
    }

    @Test
    void floodOfBodies_thatNobodyReads_isReset_andTheProxyServesOn(@TempDir Path folder) throws Exception {
        List<RawClient> waiting = new ArrayList<>();
        try (SidecarProcess sidecar = sidecar(folder, OVERLOAD + RESET)) {
            InetSocketAddress proxy = sidecar.awaitReady().listener("http");

            for (int i = 0; i < ENOUGH_CLIENTS; i++) {
                waiting.add(client(proxy, UPLOAD, MORE_THAN_SOCKETS_HOLD));
            }
            Awaitility.await().atMost(PATIENCE).until(() -> resets(sidecar) > 0);
            // Upstream and clients stay as they are.
            servesAgain(proxy);
            assertThat(sidecar.jvm().process().isAlive()).isTrue();
            assertThat(sidecar.jvm().errors())
                    .contains("load is shed", "load is taken again")
                    .doesNotContain("OutOfMemory", "OutOfDirectMemory", "ERROR", "\tat ");
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    private static long resets(SidecarProcess sidecar) throws Exception {
        return sidecar.admin("GET", "/stats/prometheus")
                .body()
                .lines()
                .filter(line ->
                        line.startsWith("envoy_overload_envoy_overload_actions_reset_high_memory_stream_count_total "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static void servesAgain(InetSocketAddress proxy) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(answer(proxy)).startsWith("HTTP/1.1 200"));
    }

    /** Opens request after request, none of which is answered, until others are refused. */
    private static void flood(InetSocketAddress proxy, String head, int bodyParts) throws IOException {
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CLIENTS; i++) {
                waiting.add(client(proxy, head, bodyParts));
                if (i % 20 == 19) {
                    String answer = answer(proxy);
                    if (answer.startsWith("HTTP/1.1 503")) {
                        assertThat(answer).contains("retry-after: 1\r\n", "overloaded");
                        return;
                    }
                    assertThat(answer).startsWith("HTTP/1.1 200");
                }
            }
            throw new AssertionError("nothing was refused");
        } finally {
            for (RawClient client : waiting) {
                client.close();
            }
        }
    }

    private static RawClient client(InetSocketAddress proxy, String head, int bodyParts) throws IOException {
        RawClient client = new RawClient(proxy);
        client.socket().setSendBufferSize(SOCKET_BUFFER);
        Thread.ofVirtual().start(() -> {
            try {
                client.send(head);
                for (int part = 0; part < bodyParts; part++) {
                    client.send(PART);
                }
            } catch (IOException refused) {
                // As it may be.
            }
        });
        return client;
    }

    private static String answer(InetSocketAddress proxy) throws IOException {
        try (RawClient client = new RawClient(proxy)) {
            return client.send("GET /answer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readToEnd();
        }
    }
}
