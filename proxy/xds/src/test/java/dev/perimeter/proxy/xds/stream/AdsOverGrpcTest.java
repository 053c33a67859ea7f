package dev.perimeter.proxy.xds.stream;

import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import dev.perimeter.proxy.testkit.xds.FakeStream;
import dev.perimeter.proxy.xds.TestCatalogue;
import dev.perimeter.proxy.xds.control.Backoff;
import dev.perimeter.proxy.xds.control.SingleControlThread;
import dev.perimeter.proxy.xds.transport.ControlPlane;
import dev.perimeter.proxy.xds.transport.GrpcTransports;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client and a control plane on real sockets. */
@ExpectedWarnings({
    "AdsClient - refused version c2 of clusters: resources\\[0]: name: must not be empty",
    "AdsClient - no control plane at 127.0.0.1:"
})
class AdsOverGrpcTest {

    private FakeControlPlane controlPlane = FakeControlPlane.start();
    private final BlockingQueue<Snapshot> applied = new LinkedBlockingQueue<>();
    private final SingleControlThread control = new SingleControlThread();
    private final AdsClient client = new AdsClient(
            Following.ADS,
            new GrpcTransports(
                    Map.of(
                            "xds",
                            new ControlPlane(
                                    "xds",
                                    List.of(new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), controlPlane.port())),
                                    ControlPlane.Keepalive.DEFAULT)),
                    new GrpcTransports.AdsServer("xds", false),
                    Node.newBuilder().setId("sidecar~shop/payment-v1-0").build(),
                    file -> {
                        throw new AssertionError(file);
                    }),
            control,
            () -> new Backoff(Duration.ofMillis(20), Duration.ofMillis(100), new Random(1)),
            TestCatalogue.reader(),
            snapshot -> {
                applied.add(snapshot);
                return CompletableFuture.completedFuture(List.of());
            });

    @AfterEach
    void stop() {
        client.close();
        control.close();
        controlPlane.close();
    }

    @Test
    void firstRequest_namesTheNode_andOnlyTheFirst() {
        client.start();
        FakeStream stream = controlPlane.awaitStream();
        DiscoveryRequest clusters = stream.awaitRequest(TypeUrl.CLUSTER);
        DiscoveryRequest listeners = stream.awaitRequest(TypeUrl.LISTENER);
        assertThat(clusters.getNode().getId()).isEqualTo("sidecar~shop/payment-v1-0");
        assertThat(clusters.getVersionInfo()).isEmpty();
        assertThat(clusters.getResponseNonce()).isEmpty();
        assertThat(listeners.hasNode()).isFalse();
    }

    @Test
    void response_isAckedByEcho() {
        client.start();
        FakeStream stream = controlPlane.awaitStream();
        stream.awaitRequest(TypeUrl.CLUSTER);
        String nonce = stream.send(TypeUrl.CLUSTER, "c1", staticCluster("pay", 8080));
        DiscoveryRequest ack = stream.awaitRequest(TypeUrl.CLUSTER);
        assertThat(ack.getVersionInfo()).isEqualTo("c1");
        assertThat(ack.getResponseNonce()).isEqualTo(nonce);
        assertThat(ack.hasErrorDetail()).isFalse();
    }

    @Test
    void badResponse_isNackedWithOneSentence_andTheOldVersion() {
        publishAll();
        client.start();
        FakeStream stream = controlPlane.awaitStream();
        stream.awaitAck(TypeUrl.CLUSTER, "c1");
        String nonce = stream.send(TypeUrl.CLUSTER, "c2", staticCluster("", 8080));
        DiscoveryRequest nack = stream.awaitNack(TypeUrl.CLUSTER);
        assertThat(nack.getVersionInfo()).isEqualTo("c1");
        assertThat(nack.getResponseNonce()).isEqualTo(nonce);
        assertThat(nack.getErrorDetail().getMessage()).isEqualTo("resources[0]: name: must not be empty");
        assertThat(nack.getErrorDetail().getCode()).isEqualTo(3);
    }

    @Test
    void configuration_arrivesWhole_whateverItsOrder() throws InterruptedException {
        client.start();
        FakeStream stream = controlPlane.awaitStream();
        stream.awaitRequest(TypeUrl.LISTENER);
        stream.send(TypeUrl.LISTENER, "l1", httpListener("outbound", 15001, "outbound"));
        assertThat(stream.awaitRequest(TypeUrl.ROUTE_CONFIGURATION).getResourceNamesList())
                .containsExactly("outbound");
        stream.send(TypeUrl.ROUTE_CONFIGURATION, "r1", routes("outbound", "pay"));
        stream.send(TypeUrl.CLUSTER, "c1", edsCluster("pay"));
        assertThat(stream.awaitRequest(TypeUrl.ENDPOINT).getResourceNamesList()).containsExactly("pay");
        assertThat(applied).isEmpty();
        stream.send(TypeUrl.ENDPOINT, "e1", endpoints("pay", 8080));
        assertThat(nextSnapshot().endpointSets()).containsOnlyKeys("pay");
    }

    @Test
    void killedControlPlane_isFoundAgainOnTheSamePort_withTheVersionsKept() throws InterruptedException {
        publishAll();
        client.start();
        controlPlane.awaitStream().awaitAck(TypeUrl.ROUTE_CONFIGURATION, "r1");
        nextSnapshot();
        int port = controlPlane.port();
        controlPlane.close();
        await().untilAsserted(() -> assertThat(client.status().connected()).isFalse());
        assertThat(Readiness.reason(client.status(), Instant.now())).isNull();

        controlPlane = FakeControlPlane.startOn(port);
        publishAll();
        FakeStream again = controlPlane.awaitStream();
        assertThat(again.awaitRequest(TypeUrl.CLUSTER).getVersionInfo()).isEqualTo("c1");
        assertThat(again.awaitRequest(TypeUrl.ENDPOINT).getVersionInfo()).isEqualTo("e1");
        assertThat(again.received()).first().satisfies(first -> {
            assertThat(first.getNode().getId()).isEqualTo("sidecar~shop/payment-v1-0");
            assertThat(first.getResponseNonce()).isEmpty();
        });
        again.awaitAck(TypeUrl.ROUTE_CONFIGURATION, "r1");
        assertThat(applied).isEmpty();
    }

    @Test
    void streamEndedWithAReason_tellsTheReason() {
        client.start();
        FakeStream stream = controlPlane.awaitStream();
        stream.awaitRequest(TypeUrl.LISTENER);
        stream.end(Status.INVALID_ARGUMENT.withDescription("node.id is unknown here"));
        await().untilAsserted(() -> assertThat(Readiness.reason(client.status(), Instant.now()))
                .contains("no control plane at 127.0.0.1:" + controlPlane.port())
                .contains("node.id is unknown here"));
    }

    @Test
    void noControlPlane_isSaidInOneSentence_thenAllIsWell() throws InterruptedException {
        int port = controlPlane.port();
        controlPlane.close();
        client.start();
        await().untilAsserted(() -> assertThat(Readiness.reason(client.status(), Instant.now()))
                .matches("no control plane at 127.0.0.1:" + port
                        + " since \\d+ s: connection refused; no configuration yet"));
        controlPlane = FakeControlPlane.startOn(port);
        publishAll();
        nextSnapshot();
        await().untilAsserted(() ->
                assertThat(Readiness.reason(client.status(), Instant.now())).isNull());
    }

    private Snapshot nextSnapshot() throws InterruptedException {
        Snapshot snapshot = applied.poll(10, TimeUnit.SECONDS);
        assertThat(snapshot).as("a snapshot").isNotNull();
        return snapshot;
    }

    private void publishAll() {
        controlPlane.publish(TypeUrl.CLUSTER, "c1", edsCluster("pay"));
        controlPlane.publish(TypeUrl.ENDPOINT, "e1", endpoints("pay", 8080));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("outbound", 15001, "outbound"));
        controlPlane.publish(TypeUrl.ROUTE_CONFIGURATION, "r1", routes("outbound", "pay"));
    }
}
