package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.edsCluster;
import static dev.perimeter.proxy.testkit.xds.Resources.endpoints;
import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.ExpectedWarnings;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole proxy and a control plane: what requests notice of configuration, which should be nothing but its effect. */
@ExpectedWarnings({
    "AdsClient - refused version c2 of clusters: ",
    "AdsClient - no control plane at 127.0.0.1:",
    "LastGood - the last good configuration in .* is damaged; it is left aside",
    "Delivery - listener 'outbound': cannot listen on "
})
class FollowingStoriesTest {

    private final FakeUpstream blue = FakeUpstream.named("blue");
    private final FakeUpstream green = FakeUpstream.named("green");
    private FakeControlPlane controlPlane = FakeControlPlane.start();
    private Cluster latest;
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
        blue.close();
        green.close();
    }

    @Test
    void configuration_comesInto_effect() {
        publishBlue();
        proxy.awaitReady();
        assertThat(proxy.get("outbound", "/").body()).isEqualTo("blue");
        assertThat(proxy.admin("/ready").body()).isEqualTo("LIVE\n");
    }

    @Test
    void controlPlaneAbsent_proxyIsNotReadyAndSaysWhy_thenBecomesReady() {
        int port = controlPlane.port();
        controlPlane.close();
        await().untilAsserted(() -> {
            assertThat(proxy.admin("/ready").statusCode()).isEqualTo(503);
            assertThat(proxy.admin("/ready").body())
                    .matches("no control plane at 127.0.0.1:" + port
                            + " since \\d+ s: connection (refused|closed|reset); no configuration yet\n");
        });
        controlPlane = FakeControlPlane.startOn(port);
        publishBlue();
        proxy.awaitReady();
        assertThat(proxy.get("outbound", "/").body()).isEqualTo("blue");
    }

    @Test
    void routeTableMissing_isNamedAsTheReason() {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("pay", blue.address().getPort()));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("outbound", 0, "outbound"));
        await().untilAsserted(() ->
                assertThat(proxy.admin("/ready").body()).isEqualTo("waiting for route table `outbound`\n"));
        assertThat(proxy.admin("/listeners").body()).isEmpty();
    }

    @Test
    void refusedUpdate_leavesTheOldInEffect_andIsShown() {
        publishBlue();
        proxy.awaitReady();
        controlPlane.publish(TypeUrl.CLUSTER, "c2", staticCluster("pay", 0));
        String sentence = controlPlane
                .latestStream()
                .awaitNack(TypeUrl.CLUSTER)
                .getErrorDetail()
                .getMessage();
        assertThat(sentence).startsWith("cluster `pay`: load_assignment.endpoints[0].lb_endpoints[0].endpoint.address");
        assertThat(proxy.get("outbound", "/").body()).isEqualTo("blue");
        await().untilAsserted(() -> assertThat(proxy.admin("/config_dump").body())
                .contains("\"error_state\"")
                .contains(sentence)
                .contains("\"version_info\": \"c2\"")
                .contains("\"version_info\": \"c1-tidied\""));
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(200);
        assertThat(proxy.admin("/stats/prometheus").body())
                .contains("perimeter_xds_updates_refused_total{type=\"cluster\"} 1");
    }

    @Test
    void controlPlaneKilled_trafficGoesOn_andChangesArriveWhenItIsBack() {
        publishBlue();
        proxy.awaitReady();
        int port = controlPlane.port();
        controlPlane.close();
        await().untilAsserted(() ->
                assertThat(proxy.admin("/stats/prometheus").body()).contains("envoy_control_plane_connected_state 0"));
        assertThat(proxy.get("outbound", "/").body()).isEqualTo("blue");
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(200);

        controlPlane = FakeControlPlane.startOn(port);
        publish("2", green.address().getPort());
        await().untilAsserted(
                        () -> assertThat(proxy.get("outbound", "/").body()).isEqualTo("green"));
    }

    @Test
    void startWithoutControlPlane_servesTheLastGoodConfiguration_andSaysSo(@TempDir Path folder) {
        publishBlue();
        try (EmbeddedProxy before = EmbeddedProxy.following(controlPlane.port(), false, folder)) {
            before.awaitReady();
            await().until(() -> Files.exists(folder.resolve("last-good.pb")));
        }
        int port = controlPlane.port();
        controlPlane.close();
        try (EmbeddedProxy after = EmbeddedProxy.following(port, false, folder)) {
            after.awaitReady();
            assertThat(after.get("outbound", "/").body()).isEqualTo("blue");
            assertThat(after.admin("/config_dump").body())
                    .contains("\"last_good\": \"" + folder.resolve("last-good.pb") + "\"");
            controlPlane = FakeControlPlane.startOn(port);
            publish("2", green.address().getPort());
            await().untilAsserted(
                            () -> assertThat(after.get("outbound", "/").body()).isEqualTo("green"));
            assertThat(after.admin("/config_dump").body()).contains("\"last_good\": null");
        }
    }

    @Test
    void damagedLastGoodConfiguration_isLeftAside(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("last-good.pb"), "this is no configuration, however long one reads it");
        publishBlue();
        try (EmbeddedProxy other = EmbeddedProxy.following(controlPlane.port(), false, folder)) {
            other.awaitReady();
            assertThat(other.get("outbound", "/").body()).isEqualTo("blue");
        }
    }

    @Test
    void listenerLeftOut_isClosed() {
        publishBlue();
        proxy.awaitReady();
        InetSocketAddress address = proxy.listener("outbound");
        controlPlane.publish(TypeUrl.LISTENER, "l2");
        await().untilAsserted(() -> assertThatThrownBy(() -> connect(address)).isInstanceOf(IOException.class));
        assertThat(proxy.admin("/ready").body()).contains("has no listeners for this node");
    }

    @Test
    void busyListenerAddress_isTheReason_andIsTriedAgain() throws IOException {
        int port;
        try (java.net.ServerSocket busy = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            port = busy.getLocalPort();
            controlPlane.publish(
                    TypeUrl.CLUSTER, "c1", staticCluster("pay", blue.address().getPort()));
            controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("outbound", port, routes("x", "pay")));
            await().untilAsserted(() -> assertThat(proxy.admin("/ready").body())
                    .contains("outbound")
                    .contains(":" + port));
        }
        proxy.awaitReady();
        assertThat(proxy.get("outbound", "/").body()).isEqualTo("blue");
    }

    @Test
    void changesUnderLoad_failNoRequest() throws Exception {
        publishBlue();
        proxy.awaitReady();
        proxy.listener("outbound");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Callable<String> load = () -> {
            while (!over.get()) {
                var response = proxy.get("outbound", "/");
                if (response.statusCode() != 200 || !List.of("blue", "green").contains(response.body())) {
                    return response.statusCode() + " " + response.body() + " " + response.headers();
                }
                answered.incrementAndGet();
            }
            return "fine";
        };
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> results =
                    IntStream.range(0, 8).mapToObj(i -> clients.submit(load)).toList();
            for (int change = 2; change < 22; change++) {
                int before = answered.get();
                publish(
                        String.valueOf(change),
                        (change % 2 == 0 ? green : blue).address().getPort());
                await().until(() ->
                        answered.get() >= before + 20 || results.stream().anyMatch(Future::isDone));
            }
            over.set(true);
            for (Future<String> result : results) {
                assertThat(result.get()).isEqualTo("fine");
            }
        }
    }

    private void publishBlue() {
        publish("1", blue.address().getPort());
    }

    /**
     * Everything anew under other names, in the order of a good control plane: first what is added, then who uses it, then
     * what nobody uses any more goes.
     */
    private void publish(String version, int upstreamPort) {
        String cluster = "pay-" + version;
        Cluster old = latest;
        latest = edsCluster(cluster);
        controlPlane.publish(
                TypeUrl.CLUSTER, "c" + version, old == null ? new Cluster[] {latest} : new Cluster[] {old, latest});
        controlPlane.publish(TypeUrl.ENDPOINT, "e" + version, endpoints(cluster, upstreamPort));
        controlPlane.publish(TypeUrl.LISTENER, "l1", httpListener("outbound", 0, "outbound"));
        controlPlane.publish(TypeUrl.ROUTE_CONFIGURATION, "r" + version, routes("outbound", cluster));
        controlPlane.publish(TypeUrl.CLUSTER, "c" + version + "-tidied", latest);
    }

    private static void connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
        }
    }
}
