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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sidecar with its 32 MiB of heap, an upstream that takes nothing, and clients that send and send: it refuses what is too
 * much before its memory is in danger, lives, and serves again.
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

    private static final int MOST_CLIENTS = 2000;

    private static final String PART = "b".repeat(64 * 1024);
    /** The kernel keeps some megabytes for each connection before the proxy has to. */
    private static final int MORE_THAN_SOCKETS_HOLD = 256;

    @Test
    void floodsOfHeadsAndOfBodies_areRefusedInTime_andTheProxyServesOn(@TempDir Path folder) throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (connection.readTo("\r\n").startsWith("GET /answer")) {
                        connection.readHead();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere");
                    }
                    // Reads no more, and keeps the connection until the test is over.
                    over.await();
                });
                SidecarProcess sidecar = SidecarProcess.start(
                        folder, Bootstraps.serving(0, upstream.address().getPort(), 1) + OVERLOAD)) {
            InetSocketAddress proxy = sidecar.awaitReady().listener("http");

            flood(proxy, "GET /silent HTTP/1.1\r\nHost: a\r\nx-big: " + "b".repeat(50_000) + "\r\n\r\n", 0);
            servesAgain(proxy);
            flood(
                    proxy,
                    "POST /silent HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n",
                    MORE_THAN_SOCKETS_HOLD);
            assertThat(sidecar.jvm().process().isAlive()).isTrue();
            assertThat(sidecar.jvm().errors())
                    .contains("load is shed", "load is taken again")
                    .doesNotContain("OutOfMemory", "OutOfDirectMemory", "ERROR", "\tat ");
            over.countDown();
        }
    }

    private static void servesAgain(InetSocketAddress proxy) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(answer(proxy)).startsWith("HTTP/1.1 200"));
    }

    /** Opens request after request, none of which is answered, until others are refused. */
    private static void flood(InetSocketAddress proxy, String head, int bodyParts) throws IOException {
        List<RawClient> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_CLIENTS; i++) {
                RawClient client = new RawClient(proxy);
                waiting.add(client);
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

    private static String answer(InetSocketAddress proxy) throws IOException {
        try (RawClient client = new RawClient(proxy)) {
            return client.send("GET /answer HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readToEnd();
        }
    }
}
