package dev.perimeter.proxy.story.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The relay, rung by rung. */
public class TcpStoryTest {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private static RunningProxy relayTo(Duration idle, InetSocketAddress... upstreams) {
        return new RunningProxy(new Config().cluster("a", upstreams).tcp("tcp", idle, new WeightedCluster("a", 1)));
    }

    private String nextTold() throws InterruptedException {
        return told.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void bytes_pingAndPong_passBothWays() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        connection.readTo("ping");
                        connection.send("pong");
                    }
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address())) {
            try (RawClient client = new RawClient(proxy.address("tcp"))) {
                for (int i = 0; i < 100; i++) {
                    assertThat(client.send("ping").readTo("pong")).isEqualTo("pong");
                }
            }

            assertThat(proxy.logLines(1).getFirst())
                    .contains(
                            "\"received\":400",
                            "\"sent\":400",
                            "\"cluster\":\"a\"",
                            "\"method\":null",
                            "\"status\":null");
        }
    }

    @Test
    void serverFirst_theGreeting_arrivesUnasked() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.send("220 ready\r\n");
                    connection.readTo("bye");
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            assertThat(client.readTo("\r\n")).isEqualTo("220 ready\r\n");
        }
    }

    @Test
    void close_byTheUpstream_isSeenByTheClientBehindTheLastByte() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.send("last words"));
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            assertThat(client.readToEnd()).isEqualTo("last words");
        }
    }

    @Test
    void close_byTheClient_isSeenByTheUpstream() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection ->
                        told.add(new String(connection.socket().getInputStream().readAllBytes())));
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address())) {
            try (RawClient client = new RawClient(proxy.address("tcp"))) {
                client.send("hello");
            }

            assertThat(nextTold()).isEqualTo("hello");
        }
    }

    @Test
    void halfClose_theAnswerStillComes() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    int bytes = connection.socket().getInputStream().readAllBytes().length;
                    connection.send("got " + bytes);
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            client.send("x".repeat(1_000_000));
            client.socket().shutdownOutput();

            assertThat(client.readToEnd()).isEqualTo("got 1000000");
            assertThat(proxy.logLines(1).getFirst()).contains("\"received\":1000000", "\"sent\":11");
        }
    }

    @Test
    void halfClose_ofTheUpstream_theClientMayGoOnSending() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.send("done");
                    connection.socket().shutdownOutput();
                    told.add(new String(connection.socket().getInputStream().readAllBytes()));
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            assertThat(client.readToEnd()).isEqualTo("done");
            client.send("still here");
            client.socket().shutdownOutput();

            assertThat(nextTold()).isEqualTo("still here");
        }
    }

    @Test
    void reset_byTheUpstream_isAResetForTheClient() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readTo("go");
                    connection.reset();
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            client.send("go");

            assertThatThrownBy(client::readToEnd)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void reset_byTheClient_isAResetForTheUpstream() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.send("hi");
                    try {
                        told.add("read " + connection.socket().getInputStream().read());
                    } catch (IOException e) {
                        told.add(String.valueOf(e.getMessage()));
                    }
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            client.readTo("hi");
            client.socket().setSoLinger(true, 0);
            client.socket().close();

            assertThat(nextTold()).containsIgnoringCase("reset");
        }
    }

    @Test
    void connectRefused_theClientIsClosed() throws Exception {
        try (RunningProxy proxy = relayTo(Duration.ZERO, RawUpstream.deadAddress());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            assertThat(client.readToEnd()).isEmpty();
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UF\"");
        }
    }

    @Test
    void connectRefused_theNextEndpointTakesTheConnection() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> connection.send("alive"));
                RunningProxy proxy = relayTo(Duration.ZERO, RawUpstream.deadAddress(), upstream.address())) {
            for (int i = 0; i < 4; i++) {
                try (RawClient client = new RawClient(proxy.address("tcp"))) {
                    assertThat(client.readToEnd()).isEqualTo("alive");
                }
            }
            assertThat(proxy.logLines(4)).anyMatch(line -> line.contains("\"attempts\":2"));
        }
    }

    /** The end of the stream arrives while nobody reads: what the kernel holds by then must still be delivered. */
    @Test
    void end_ofASender_behindASlowReader_losesNothing() throws Exception {
        int total = 8 << 20;
        CountDownLatch readNow = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    readNow.await();
                    told.add("got " + connection.socket().getInputStream().readAllBytes().length);
                });
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.socket().getOutputStream().write(new byte[total]);
                    client.socket().shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    readNow.countDown();
                }
            });
            boolean allBuffered = readNow.await(500, TimeUnit.MILLISECONDS);
            readNow.countDown();

            assertThat(nextTold())
                    .as("all in the kernel's buffers first: " + allBuffered)
                    .isEqualTo("got " + total);
        }
    }

    @Test
    void silence_longerThanTheIdleTimeout_endsBothConnections() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    if (connection.socket().getInputStream().read() < 0) {
                        closed.countDown();
                    }
                });
                RunningProxy proxy = relayTo(Duration.ofMillis(100), upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            assertThat(client.readToEnd()).isEmpty();
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.logLines(1).getFirst()).contains("tcp_idle_timeout");
        }
    }

    @Test
    void manyBytes_bothWaysAtOnce_arriveUnchangedInNumber() throws Exception {
        int total = 64 << 20;
        try (RawUpstream upstream = RawUpstream.running(connection -> connection
                        .socket()
                        .getInputStream()
                        .transferTo(connection.socket().getOutputStream()));
                RunningProxy proxy = relayTo(Duration.ZERO, upstream.address());
                RawClient client = new RawClient(proxy.address("tcp"))) {
            Thread.ofVirtual().start(() -> {
                try {
                    byte[] chunk = new byte[1 << 20];
                    for (int i = 0; i < total >> 20; i++) {
                        client.socket().getOutputStream().write(chunk);
                    }
                    client.socket().shutdownOutput();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });

            byte[] chunk = new byte[1 << 16];
            long echoed = 0;
            for (int n = client.socket().getInputStream().read(chunk);
                    n >= 0;
                    n = client.socket().getInputStream().read(chunk)) {
                echoed += n;
            }
            assertThat(echoed).isEqualTo(total);
        }
    }
}
