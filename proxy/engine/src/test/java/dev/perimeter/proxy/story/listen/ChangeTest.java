package dev.perimeter.proxy.story.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Config that changes under traffic, and the end of a proxy. */
public class ChangeTest {

    @Test
    void snapshots_swappedUnderLoad_failNoRequest() throws Exception {
        try (FakeUpstream one = FakeUpstream.named("one");
                FakeUpstream two = FakeUpstream.named("two");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("one", one.address())
                        .route("/", "one")
                        .http())) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger answered = new AtomicInteger();
            Map<String, Integer> wrong = new ConcurrentHashMap<>();
            Set<String> bodies = ConcurrentHashMap.newKeySet();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try {
                            HttpResponse<String> response = proxy.get("/");
                            bodies.add(response.body());
                            answered.incrementAndGet();
                            if (response.statusCode() != 200) {
                                wrong.merge(response.statusCode() + " " + response.body(), 1, Integer::sum);
                            }
                        } catch (Exception e) {
                            wrong.merge(String.valueOf(e), 1, Integer::sum);
                        }
                    }
                }));
            }
            for (int round = 0; round < 100; round++) {
                String name = round % 2 == 0 ? "two" : "one";
                InetSocketAddress to = round % 2 == 0 ? two.address() : one.address();
                proxy.apply(
                        new Config().cluster(name, to).route("/", name).http().snapshot());
                int until = answered.get() + 10;
                while (answered.get() < until && wrong.isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }

            assertThat(wrong).isEmpty();
            assertThat(bodies).contains("one", "two");
        }
    }

    @Test
    void listener_addedAndRemoved_opensAndCloses() throws Exception {
        Config one = new Config().route("/", "a").http();
        try (RunningProxy proxy = new RunningProxy(one)) {
            proxy.apply(new Config()
                    .route("/", "a")
                    .http()
                    .http("second", new InetSocketAddress("127.0.0.1", 0))
                    .snapshot());
            InetSocketAddress second = proxy.address("second");
            try (RawClient client = new RawClient(second)) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readTo("\r\n\r\n")).contains("503");
                proxy.apply(one.snapshot());

                assertThat(client.readToEnd()).doesNotContain("HTTP/1.1 5");
            }
            assertThat(proxy.dataPlane().listeners()).hasSize(1);
        }
    }

    @Test
    void cluster_removed_itsIdleConnectionsClose() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    if (connection.socket().getInputStream().read() < 0) {
                        closed.countDown();
                    }
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            proxy.get("/");
            proxy.apply(new Config().cluster("b").route("/", "b").http().snapshot());

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            assertThat(proxy.dataPlane().metrics().prometheus()).doesNotContain("envoy_cluster_name=\"a\"");
        }
    }

    @Test
    void connection_unusedForLong_isClosedByUs() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    if (connection.socket().getInputStream().read() < 0) {
                        closed.countDown();
                    }
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .clusterIdle(Duration.ofMillis(50))
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            proxy.get("/");

            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void address_thatIsBusy_isReportedAndTheRestServes() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                RunningProxy proxy =
                        new RunningProxy(new Config().route("/", "a").http())) {
            InetSocketAddress address = (InetSocketAddress) busy.getLocalSocketAddress();
            List<String> problems = proxy.dataPlane()
                    .apply(new Config()
                            .route("/", "a")
                            .http()
                            .http("busy", address)
                            .snapshot())
                    .join();

            assertThat(problems).singleElement().asString().contains("'busy'", "in use");
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void snapshot_thatMissesARouteTable_changesNothing() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            var before = proxy.dataPlane().current();
            var broken = new dev.perimeter.proxy.cluster.ClusterConfig(
                    "b",
                    Duration.ofSeconds(1),
                    new LoadBalancing(dev.perimeter.proxy.balance.Balancers.ROUND_ROBIN),
                    new dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource.Named("nowhere"),
                    dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits.DEFAULTS,
                    UpstreamProtocol.http1(Duration.ZERO),
                    UpstreamTransport.PLAIN,
                    HealthChecking.NONE);
            List<String> problems = proxy.dataPlane()
                    .apply(new dev.perimeter.proxy.snapshot.Snapshot(
                            before.listeners(), Map.of(), Map.of("b", broken), Map.of()))
                    .join();

            assertThat(problems).singleElement().asString().contains("'b'", "endpoint set");
            assertThat(proxy.dataPlane().current()).isSameAs(before);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void drain_letsARequestEndAndTellsTheClient() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> {
                    asked.countDown();
                    answer.await();
                    return FakeUpstream.Answer.text(200, "in time");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            InetSocketAddress address = proxy.address();
            try (RawClient client = new RawClient(address)) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                asked.await();
                var drained = proxy.dataPlane().drain(Duration.ofSeconds(20));
                answer.countDown();

                assertThat(client.readToEnd()).contains("onnection: close").endsWith("in time");
                drained.join();
            }
            assertThat(refused(address)).isTrue();
        }
    }

    @Test
    void drain_graceOver_closesWhatIsLeft() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> {
                    asked.countDown();
                    never.await();
                    return FakeUpstream.Answer.text(200, "too late");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http());
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            proxy.dataPlane().drain(Duration.ofMillis(50)).join();

            assertThat(client.readToEnd()).isEmpty();
            never.countDown();
        }
    }

    private static boolean refused(InetSocketAddress address) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + address.getPort()))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            return false;
        } catch (java.net.ConnectException e) {
            return true;
        }
    }
}
