package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.FakeUpstream.Received;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health checks that the control plane asks for, and what clients notice of them. */
class HealthStoriesTest {

    private final CountDownLatch checked = new CountDownLatch(1);
    private final FakeUpstream ill = FakeUpstream.answering(request -> {
        checked.await();
        return Answer.text(request.target().equals("/health") ? 503 : 200, "ill");
    });
    private final FakeUpstream well = FakeUpstream.named("well");
    private final FakeUpstream before = FakeUpstream.named("before");
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @AfterEach
    void stop() {
        checked.countDown();
        proxy.close();
        controlPlane.close();
        ill.close();
        well.close();
        before.close();
    }

    private static Cluster checkedCluster(String name, int... ports) {
        Duration often = Durations.fromMillis(100);
        return staticCluster(name, ports).toBuilder()
                .addHealthChecks(HealthCheck.newBuilder()
                        .setTimeout(Durations.fromSeconds(5))
                        .setInterval(often)
                        .setNoTrafficInterval(often)
                        .setUnhealthyThreshold(UInt32Value.of(1))
                        .setHealthyThreshold(UInt32Value.of(1))
                        .setHttpHealthCheck(HttpHealthCheck.newBuilder().setPath("/health")))
                .build();
    }

    private void publish(Cluster... clusters) {
        controlPlane.publish(TypeUrl.CLUSTER, "c" + clusters.length, clusters);
        String last = clusters[clusters.length - 1].getName();
        controlPlane.publish(TypeUrl.LISTENER, "l" + clusters.length, httpListener("in", 0, routes("all", last)));
    }

    @Test
    void clusterToCome_isCheckedFirst_andItsIllEndpointIsNeverAsked() {
        publish(staticCluster("old", before.address().getPort()));
        proxy.awaitReady();
        assertThat(proxy.get("in", "/").body()).isEqualTo("before");

        publish(
                staticCluster("old", before.address().getPort()),
                checkedCluster("new", ill.address().getPort(), well.address().getPort()));
        await().until(() -> !well.received().isEmpty());
        assertThat(proxy.get("in", "/").body()).as("while it is checked").isEqualTo("before");

        checked.countDown();
        await().until(() -> proxy.get("in", "/").body().equals("well"));
        for (int i = 0; i < 20; i++) {
            assertThat(proxy.get("in", "/").body()).isEqualTo("well");
        }
        assertThat(ill.received()).extracting(Received::target).containsOnly("/health");
    }

    @Test
    void endpointThatNeverAnswersItsCheck_holdsNothingUpForLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            publish(checkedCluster("c", silent.getLocalPort(), well.address().getPort()));
            proxy.awaitReady();
            assertThat(proxy.get("in", "/").body()).isEqualTo("well");
        }
    }
}
