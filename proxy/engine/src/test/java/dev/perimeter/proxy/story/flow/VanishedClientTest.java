package dev.perimeter.proxy.story.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A client goes while nobody reads what it sent: the machine tells of it, and what is held for it is let go. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll alone tells of a peer whose bytes nobody reads")
class VanishedClientTest {

    /** More than one read and less than the kernel takes at once, so that all of it leaves the client. */
    private static final int SENT = 40_000;

    private static final NamedFilter HOLDING = new NamedFilter("holding", () -> new HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return Verdict.LATER;
        }
    });

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private static Config config(FakeUpstream upstream) {
        return new Config().cluster("up", upstream.address()).route("/", "up");
    }

    @Test
    void clientThatClosed_behindBytesNobodyReads_isGivenUp() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("up");
                RunningProxy proxy = new RunningProxy(
                        config(upstream).filters(HOLDING, Config.ROUTER).http())) {
            try (RawClient client = new RawClient(proxy.address())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(SENT));
            }
            isGivenUp(proxy);
        }
    }

    @Test
    void clientThatReset_behindBytesNobodyReads_isGivenUp() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("up");
                RunningProxy proxy = new RunningProxy(
                        config(upstream).filters(HOLDING, Config.ROUTER).http())) {
            try (RawClient client = new RawClient(proxy.address())) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(SENT));
                client.socket().setSoLinger(true, 0);
            }
            isGivenUp(proxy);
        }
    }

    private static void isGivenUp(RunningProxy proxy) {
        assertThat(proxy.logLines(1).getFirst())
                .contains("\"flags\":\"DC\"", "\"details\":\"downstream_remote_disconnect\"");
        Awaitility.await()
                .atMost(RunningProxy.PATIENCE)
                .until(() -> proxy.dataPlane().bufferedBytes() == 0);
    }

    /** Its bytes have filled every socket on the way, so that its end comes behind none of them. */
    @Test
    void clientOfARelay_thatReset_whileTheUpstreamReadsNothing_isAResetForTheUpstream() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> tell(connection, read));
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("up", upstream.address())
                        .tcp("tcp", Duration.ZERO, new WeightedCluster("up", 1)))) {
            RawClient client = new RawClient(proxy.address("tcp"));
            Thread sender = untilStalled(client);
            client.socket().setSoLinger(true, 0);
            client.close();
            sender.join();

            assertThat(proxy.logLines(1)).hasSize(1);
            read.countDown();
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
        }
    }

    @Test
    void clientOfAWebSocket_thatReset_whileTheUpstreamReadsNothing_isAResetForTheUpstream() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(
                            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: bytes\r\n\r\n");
                    tell(connection, read);
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .upgrades("bytes")
                        .cluster("up", upstream.address())
                        .route("/", "up")
                        .http())) {
            RawClient client = new RawClient(proxy.address());
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: bytes\r\n\r\n");
            client.readTo("\r\n\r\n");
            Thread sender = untilStalled(client);
            client.socket().setSoLinger(true, 0);
            client.close();
            sender.join();

            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"DC\"");
            read.countDown();
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("reset");
        }
    }

    private void tell(RawUpstream.Connection connection, CountDownLatch read) throws InterruptedException {
        read.await();
        try {
            connection.socket().getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            told.add("end");
        } catch (IOException reset) {
            told.add("reset");
        }
    }

    private static Thread untilStalled(RawClient client) {
        AtomicLong sent = new AtomicLong();
        AtomicLong last = new AtomicLong(-1);
        Thread sender = Thread.ofVirtual().start(() -> {
            byte[] part = new byte[64 * 1024];
            try {
                while (true) {
                    client.send(part);
                    sent.addAndGet(part.length);
                }
            } catch (IOException closed) {
                // As it must.
            }
        });
        Awaitility.await()
                .pollInterval(Duration.ofMillis(250))
                .atMost(Duration.ofSeconds(20))
                .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
        return sender;
    }
}
