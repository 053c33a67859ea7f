package dev.perimeter.proxy.sidecar.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.proxy.sidecar.soak.EchoService;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.grpc.Server;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a proxy ends: by a signal under load, by a second one, by its admin page. */
class StopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern DRAINING = Pattern.compile("draining: ");

    @Test
    void sigterm_underLoadOverHttp1AndHttp2_failsNoRequest(@TempDir Path folder) throws Exception {
        Server grpc = EchoService.start();
        try (FakeUpstream upstream = FakeUpstream.named("here");
                SidecarProcess leaving = SidecarProcess.start(
                        folder, Bootstraps.serving(0, upstream.address().getPort(), grpc.getPort()));
                SidecarProcess staying = SidecarProcess.start(
                        folder, Bootstraps.serving(0, upstream.address().getPort(), grpc.getPort()))) {
            InetSocketAddress first = leaving.awaitReady().listener("http");
            InetSocketAddress second = staying.awaitReady().listener("http");
            try (MovingLoad load = new MovingLoad(first, second)) {
                await().atMost(PATIENCE)
                        .until(() -> load.answers("first", MovingLoad.HTTP1) > 300
                                && load.answers("first", MovingLoad.HTTP2) > 300);
                leaving.signal("TERM");
                leaving.jvm().awaitError(DRAINING);
                // Only now does anybody outside know; what goes there in between is served.
                load.move();
                assertThat(leaving.jvm().awaitEnd()).isZero();
                await().atMost(PATIENCE)
                        .until(() -> load.answers("second", MovingLoad.HTTP1) > 300
                                && load.answers("second", MovingLoad.HTTP2) > 300);
                assertThat(load.failures()).isEmpty();
                assertThat(leaving.jvm().errors()).contains(" is down").doesNotContain("WARN", "ERROR", "\tat ");
            }
        } finally {
            grpc.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void requestUnderWay_endsWell_aSecondSignalEndsItAtOnce_andAPageEndsTheProcess(@TempDir Path folder)
            throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    String head = connection.readHead();
                    if (head.startsWith("GET /late")) {
                        answer.await();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
                    }
                    connection.readTo("never");
                });
                SidecarProcess patient = SidecarProcess.start(
                        folder, Bootstraps.serving(0, upstream.address().getPort(), 1));
                SidecarProcess hurried = SidecarProcess.start(
                        folder, Bootstraps.serving(0, upstream.address().getPort(), 1));
                SidecarProcess asked = SidecarProcess.start(folder, Bootstraps.admin(0))) {
            try (RawClient client = new RawClient(patient.awaitReady().listener("http"));
                    RawClient cut = new RawClient(hurried.awaitReady().listener("http"))) {
                client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
                cut.send("GET /never HTTP/1.1\r\nHost: a\r\n\r\n");
                await().atMost(PATIENCE).until(() -> upstream.connections() == 2);
                patient.signal("TERM");
                hurried.signal("TERM");
                patient.jvm().awaitError(DRAINING);
                hurried.jvm().awaitError(DRAINING);

                long began = System.nanoTime();
                hurried.signal("TERM");
                assertThat(hurried.jvm().awaitEnd()).isEqualTo(137);
                assertThat(System.nanoTime() - began)
                        .isLessThan(Duration.ofSeconds(2).toNanos());

                answer.countDown();
                assertThat(client.readTo("late")).startsWith("HTTP/1.1 200").contains("onnection: close\r\n");
                assertThat(patient.jvm().awaitEnd()).isZero();
            }
            assertThat(asked.admin("POST", "/quitquitquit").body()).isEqualTo("OK\n");
            assertThat(asked.jvm().awaitEnd()).isZero();
        }
    }
}
