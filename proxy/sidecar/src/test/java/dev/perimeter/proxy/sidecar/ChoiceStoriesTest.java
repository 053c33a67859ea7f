package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.listener;
import static dev.perimeter.proxy.testkit.xds.Resources.manager;
import static dev.perimeter.proxy.testkit.xds.Resources.route;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.util.Durations;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.Http2Exchange;
import dev.perimeter.proxy.testkit.Http2Upstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.LbPolicy;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.GrpcHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.HttpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.Payload;
import io.envoyproxy.envoy.config.core.v3.HealthCheck.TcpHealthCheck;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HashPolicy;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which endpoint is chosen, and whether any: from the control plane's message to what clients see. */
class ChoiceStoriesTest {

    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @AfterEach
    void stop() {
        proxy.close();
        controlPlane.close();
    }

    private void publish(Cluster.Builder cluster, RouteConfiguration table) {
        controlPlane.publish(TypeUrl.CLUSTER, "c1", cluster.build());
        controlPlane.publish(
                TypeUrl.LISTENER,
                "l1",
                listener("in", 0, manager().clearRds().setRouteConfig(table).build()));
        proxy.awaitReady();
    }

    private static RouteConfiguration table(Route... all) {
        return RouteConfiguration.newBuilder()
                .setName("all")
                .addVirtualHosts(
                        VirtualHost.newBuilder().setName("all").addDomains("*").addAllRoutes(List.of(all)))
                .build();
    }

    @Test
    void hashPolicy_keepsEachUserOnOneEndpoint() {
        List<FakeUpstream> upstreams =
                Stream.of("a", "b", "c").map(FakeUpstream::named).toList();
        Route.Builder byUser = route("/", "c").toBuilder();
        byUser.getRouteBuilder()
                .addHashPolicy(HashPolicy.newBuilder()
                        .setHeader(HashPolicy.Header.newBuilder().setHeaderName("x-user")));
        publish(
                staticCluster(
                                "c",
                                upstreams.stream()
                                        .mapToInt(up -> up.address().getPort())
                                        .toArray())
                        .toBuilder()
                        .setLbPolicy(LbPolicy.RING_HASH),
                table(byUser.build()));
        URI in = URI.create("http://127.0.0.1:" + proxy.listener("in").getPort() + "/");
        Set<String> all = new HashSet<>();
        for (int user = 0; user < 30; user++) {
            Set<String> one = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                one.add(proxy.send(HttpRequest.newBuilder(in).header("x-user", "user " + user))
                        .body());
            }
            assertThat(one).hasSize(1);
            all.addAll(one);
        }
        assertThat(all).containsExactlyInAnyOrder("a", "b", "c");
        upstreams.forEach(FakeUpstream::close);
    }

    @Test
    void highPriority_hasCircuitBreakersOfItsOwn() {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> {
            if (request.target().equals("/held")) {
                arrived.countDown();
                held.await();
            }
            return Answer.text(200, "served");
        })) {
            Route.Builder high = route("/high", "c").toBuilder();
            high.getRouteBuilder().setPriority(RoutingPriority.HIGH);
            Thresholds one =
                    Thresholds.newBuilder().setMaxRequests(UInt32Value.of(1)).build();
            publish(
                    staticCluster("c", upstream.address().getPort()).toBuilder()
                            .setCircuitBreakers(CircuitBreakers.newBuilder()
                                    .addThresholds(one)
                                    .addThresholds(one.toBuilder().setPriority(RoutingPriority.HIGH))),
                    table(high.build(), route("/", "c")));
            CompletableFuture<Integer> first =
                    CompletableFuture.supplyAsync(() -> proxy.get("in", "/held").statusCode());
            await().until(() -> arrived.getCount() == 0);

            assertThat(proxy.get("in", "/other").statusCode()).isEqualTo(503);
            assertThat(proxy.get("in", "/high").body()).isEqualTo("served");

            held.countDown();
            assertThat(first.join()).isEqualTo(200);
            assertThat(proxy.get("in", "/other").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void highPriority_hasConnectionsAndAQueueOfItsOwn() {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch held = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> {
            if (request.target().equals("/held")) {
                arrived.countDown();
                held.await();
            }
            return Answer.text(200, "served");
        })) {
            Route.Builder high = route("/high", "c").toBuilder();
            high.getRouteBuilder().setPriority(RoutingPriority.HIGH);
            Thresholds full = Thresholds.newBuilder()
                    .setMaxConnections(UInt32Value.of(1))
                    .setMaxPendingRequests(UInt32Value.of(0))
                    .setTrackRemaining(true)
                    .build();
            Thresholds roomy = Thresholds.newBuilder()
                    .setPriority(RoutingPriority.HIGH)
                    .setMaxConnections(UInt32Value.of(7))
                    .setTrackRemaining(true)
                    .build();
            publish(
                    staticCluster("c", upstream.address().getPort()).toBuilder()
                            .setCircuitBreakers(CircuitBreakers.newBuilder()
                                    .addThresholds(full)
                                    .addThresholds(roomy)),
                    table(high.build(), route("/", "c")));
            // A loop without a connection may always have one: one for each of the two.
            CompletableFuture<Integer> first =
                    CompletableFuture.supplyAsync(() -> proxy.get("in", "/held").statusCode());
            CompletableFuture<Integer> second =
                    CompletableFuture.supplyAsync(() -> proxy.get("in", "/held").statusCode());
            await().until(() -> arrived.getCount() == 0);

            assertThat(proxy.get("in", "/other").statusCode()).isEqualTo(503);
            assertThat(proxy.get("in", "/high").body()).isEqualTo("served");
            assertThat(proxy.admin("/stats").body())
                    .contains("cluster.c.circuit_breakers.default.remaining_cx: 0")
                    .contains("cluster.c.circuit_breakers.default.cx_open: 1")
                    .contains("cluster.c.circuit_breakers.high.remaining_pending: 1024")
                    .contains("cluster.c.circuit_breakers.high.cx_open: 0")
                    .containsPattern("cluster\\.c\\.circuit_breakers\\.high\\.remaining_cx: [67]");

            held.countDown();
            assertThat(first.join()).isEqualTo(200);
            assertThat(second.join()).isEqualTo(200);
        }
    }

    private static HealthCheck.Builder check() {
        return HealthCheck.newBuilder()
                .setTimeout(Durations.fromSeconds(5))
                .setInterval(Durations.fromSeconds(60))
                .setUnhealthyThreshold(UInt32Value.of(1))
                .setHealthyThreshold(UInt32Value.of(1));
    }

    /** The cluster has two endpoints, of which only the first is well. */
    private void assertFirstIsWell(HealthCheck.Builder check, int well, int ill) {
        publish(staticCluster("c", well, ill).toBuilder().addHealthChecks(check), routes("all", "c"));
        await().untilAsserted(() -> assertThat(proxy.admin("/clusters").body())
                .contains("c::127.0.0.1:" + well + "::health_flags::healthy")
                .contains("c::127.0.0.1:" + ill + "::health_flags::/failed_active_hc"));
    }

    @Test
    void tcpCheck_sendsItsBytes_andLooksForOthersInOrder() {
        try (RawUpstream well = answering("ok, PO .. NG");
                RawUpstream ill = answering("NG before PO")) {
            assertFirstIsWell(
                    check().setTcpHealthCheck(TcpHealthCheck.newBuilder()
                            .setSend(Payload.newBuilder().setText("50494E470A"))
                            .addReceive(Payload.newBuilder().setText("504F"))
                            .addReceive(Payload.newBuilder().setText("4e47"))),
                    well.address().getPort(),
                    ill.address().getPort());
        }
    }

    private static RawUpstream answering(String text) {
        return RawUpstream.running(connection -> {
            connection.readTo("PING\n");
            connection.send(text);
        });
    }

    @Test
    void httpCheck_mayBeHttp2() {
        try (Http2Upstream well = Http2Upstream.serving(exchange -> exchange.respond(204, true));
                Http2Upstream ill = Http2Upstream.serving(exchange -> exchange.respond(500, true))) {
            HttpHealthCheck.Builder http =
                    HttpHealthCheck.newBuilder().setPath("/health").setCodecClientType(CodecClientType.HTTP2);
            http.addExpectedStatusesBuilder().setStart(200).setEnd(300);
            assertFirstIsWell(
                    check().setHttpHealthCheck(http),
                    well.address().getPort(),
                    ill.address().getPort());
        }
    }

    @Test
    void grpcCheck_asksTheHealthService() {
        try (Http2Upstream well = Http2Upstream.serving(exchange -> says(exchange, "\1"));
                Http2Upstream ill = Http2Upstream.serving(exchange -> says(exchange, "\2"))) {
            assertFirstIsWell(
                    check().setGrpcHealthCheck(GrpcHealthCheck.newBuilder().setServiceName("pay")),
                    well.address().getPort(),
                    ill.address().getPort());
        }
    }

    /** A HealthCheckResponse with this status, for questions about the service {@code pay}. */
    private static void says(Http2Exchange exchange, String status) throws Exception {
        assertThat(exchange.content()).isEqualTo("\0\0\0\0\5\n\3pay");
        exchange.respond(200, false, "content-type", "application/grpc");
        exchange.send("\0\0\0\0\2\b" + status, false).end("grpc-status", "0");
    }
}
