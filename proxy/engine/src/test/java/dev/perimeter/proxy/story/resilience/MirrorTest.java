package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.mirror.MirrorPolicy;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Copies of requests go to other clusters, and no client ever notices. */
class MirrorTest {

    private static RunningProxy proxy(FakeUpstream real, InetSocketAddress copy, MirrorPolicy... policies) {
        return new RunningProxy(new Config()
                .cluster("a", real.address())
                .cluster("copy", copy)
                .route("/", "a", Resilience.NONE.with(List.of(policies)))
                .http());
    }

    private static long count(RunningProxy proxy, ClusterMetric metric) {
        return proxy.dataPlane().metrics().cluster("copy").total(metric);
    }

    private static HttpResponse<String> post(RunningProxy proxy, String body) throws Exception {
        return proxy.send(HttpRequest.newBuilder(proxy.uri("/charges")).POST(BodyPublishers.ofString(body)));
    }

    @Test
    void request_isCopiedWholeAndMarked() throws Exception {
        try (FakeUpstream real = FakeUpstream.named("real");
                FakeUpstream copy = FakeUpstream.named("copy");
                RunningProxy proxy = proxy(real, copy.address(), MirrorPolicy.all("copy"))) {
            assertThat(post(proxy, "pay").body()).isEqualTo("real");

            Awaitility.await().until(() -> copy.received().size() == 1);
            FakeUpstream.Received received = copy.received().getFirst();
            assertThat(received.method()).isEqualTo("POST");
            assertThat(received.target()).isEqualTo("/charges");
            assertThat(received.text()).isEqualTo("pay");
            assertThat(received.header("Host")).startsWith("127.0.0.1-shadow:");
            assertThat(real.received().getFirst().header("Host")).startsWith("127.0.0.1:");
            assertThat(count(proxy, ClusterMetric.REQUESTS_MIRRORED)).isEqualTo(1);
        }
    }

    @Test
    void severalCopies_andNone_byTheirShare() throws Exception {
        try (FakeUpstream real = FakeUpstream.named("real");
                FakeUpstream copy = FakeUpstream.named("copy");
                RunningProxy proxy = proxy(
                        real,
                        copy.address(),
                        MirrorPolicy.all("copy"),
                        new MirrorPolicy("copy", false, 0, 100, true),
                        new MirrorPolicy("copy", false, 100, 100, false))) {
            post(proxy, "pay");

            Awaitility.await().until(() -> copy.received().size() == 2);
            assertThat(copy.received())
                    .extracting(received -> received.header("Host").contains("-shadow"))
                    .containsExactlyInAnyOrder(true, false);
        }
    }

    @Test
    void copy_thatIsDead_changesNothing() throws Exception {
        try (FakeUpstream real = FakeUpstream.named("real");
                RunningProxy proxy = proxy(real, RawUpstream.deadAddress(), MirrorPolicy.all("copy"))) {
            assertThat(post(proxy, "x".repeat(300_000)).body()).isEqualTo("real");
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1", "\"flags\":null");
        }
    }

    @Test
    void copy_thatDoesNotRead_isGivenUpAndTheRealOneGetsAll() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        String body = "x".repeat(20_000_000);
        try (FakeUpstream real = FakeUpstream.named("real");
                RawUpstream copy = RawUpstream.running(connection -> end.await());
                RunningProxy proxy = proxy(real, copy.address(), MirrorPolicy.all("copy"))) {
            assertThat(post(proxy, body).body()).isEqualTo("real");
            Awaitility.await().until(() -> count(proxy, ClusterMetric.MIRROR_DROPPED) == 1);
            end.countDown();

            assertThat(real.received().getFirst().body()).hasSize(body.length());
        }
    }

    @Test
    void copy_ofAHugeBody_thatReads_getsAll() throws Exception {
        String body = "x".repeat(5_000_000);
        try (FakeUpstream real = FakeUpstream.named("real");
                FakeUpstream copy = FakeUpstream.named("copy");
                RunningProxy proxy = proxy(real, copy.address(), MirrorPolicy.all("copy"))) {
            assertThat(post(proxy, body).body()).isEqualTo("real");
            Awaitility.await()
                    .until(() -> copy.received().size() == 1 || count(proxy, ClusterMetric.MIRROR_DROPPED) == 1);
            copy.received().forEach(received -> assertThat(received.body()).hasSize(body.length()));
        }
    }
}
