package dev.perimeter.proxy.sidecar;

import static dev.perimeter.proxy.testkit.xds.Resources.httpListener;
import static dev.perimeter.proxy.testkit.xds.Resources.routes;
import static dev.perimeter.proxy.testkit.xds.Resources.staticCluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.perimeter.controlplane.contract.TypeUrl;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.xds.FakeControlPlane;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin pages of a proxy that serves. */
class AdminStoriesTest {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final FakeUpstream upstream = FakeUpstream.answering(request -> {
        if (request.target().equals("/slow")) {
            asked.countDown();
            mayAnswer.await();
        }
        return FakeUpstream.Answer.text(200, "here");
    });
    private final FakeControlPlane controlPlane = FakeControlPlane.start();
    private final EmbeddedProxy proxy = EmbeddedProxy.following(controlPlane.port());

    @BeforeEach
    void serve() {
        controlPlane.publish(
                TypeUrl.CLUSTER, "c1", staticCluster("pay", upstream.address().getPort()));
        controlPlane.publish(
                TypeUrl.LISTENER,
                "l1",
                httpListener("in", 0, routes("in", "pay")).toBuilder()
                        .setStatPrefix("noted")
                        .build());
        proxy.awaitReady();
    }

    @AfterEach
    void stop() {
        mayAnswer.countDown();
        proxy.close();
        controlPlane.close();
        upstream.close();
    }

    @Test
    void index_listsThePages() {
        assertThat(proxy.admin("/help").body())
                .contains("sidecar~shop/payment-v1-0", "/ready", "/config_dump", "POST /drain");
        assertThat(proxy.admin("/").headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(proxy.admin("/").body()).contains("<a href=\"/stats\">");
    }

    @Test
    void unknownPage_is404WithASentence() {
        HttpResponse<String> reply = proxy.admin("/nothing");
        assertThat(reply.statusCode()).isEqualTo(404);
        assertThat(reply.body()).isEqualTo("there is no page /nothing; / lists those there are\n");
    }

    @Test
    void probe_behindConnectionsThatAskForNothing_isAnswered() throws Exception {
        URI admin = proxy.adminUri("/ready");
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                silent.add(new Socket(admin.getHost(), admin.getPort()));
            }
            HttpResponse<String> reply =
                    proxy.send(HttpRequest.newBuilder(admin).timeout(Duration.ofSeconds(10)));
            assertThat(reply.statusCode()).isEqualTo(200);
        } finally {
            for (Socket each : silent) {
                each.close();
            }
        }
    }

    @Test
    void drain_byGet_isRefused_andChangesNothing() {
        HttpResponse<String> reply = proxy.admin("/drain");
        assertThat(reply.statusCode()).isEqualTo(405);
        assertThat(reply.headers().firstValue("Allow")).contains("POST");
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void drain_fromAWebPage_isRefused() {
        HttpResponse<String> reply = proxy.send(HttpRequest.newBuilder(proxy.adminUri("/drain"))
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.noBody()));
        assertThat(reply.statusCode()).isEqualTo(403);
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void drain_letsTheRequestUnderWayEnd_andAcceptsNoOther() {
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> proxy.get("in", "/slow"));
        await().until(() -> asked.getCount() == 0);
        int port = proxy.listener("in").getPort();
        assertThat(proxy.send(HttpRequest.newBuilder(proxy.adminUri("/drain")).POST(BodyPublishers.noBody()))
                        .body())
                .isEqualTo("draining\n");
        assertThat(proxy.admin("/ready").statusCode()).isEqualTo(503);
        assertThat(proxy.admin("/ready").body()).isEqualTo("draining\n");
        assertThat(proxy.admin("/server_info").body()).contains("\"state\": \"DRAINING\"");
        await().untilAsserted(() -> assertThatThrownBy(
                        () -> proxy.send(HttpRequest.newBuilder(java.net.URI.create("http://127.0.0.1:" + port + "/"))))
                .isInstanceOf(UncheckedIOException.class));
        mayAnswer.countDown();
        assertThat(slow.join().body()).isEqualTo("here");
    }

    @Test
    void stop_waitsForTheRequestUnderWay() {
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> proxy.get("in", "/slow"));
        await().until(() -> asked.getCount() == 0);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(proxy.running()::stop);
        await().until(proxy.running()::draining);
        mayAnswer.countDown();
        assertThat(slow.join().statusCode()).isEqualTo(200);
        await().until(stopped::isDone);
        assertThat(stopped).isCompleted();
    }

    @Test
    void configDump_hasEnvoysShape_andNamesHarmlessFields() throws Exception {
        String dump = proxy.admin("/config_dump").body();
        Struct.Builder read = Struct.newBuilder();
        JsonFormat.parser().merge(dump, read);
        assertThat(read.getFieldsOrThrow("configs").getListValue().getValuesList())
                .extracting(config ->
                        config.getStructValue().getFieldsOrThrow("@type").getStringValue())
                .containsExactly(
                        "type.googleapis.com/envoy.admin.v3.BootstrapConfigDump",
                        "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
                        "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump",
                        "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
                        "type.googleapis.com/envoy.admin.v3.RoutesConfigDump");
        assertThat(dump)
                .contains("dynamic_listeners", "active_state", "last_updated", "http_filters")
                .contains("listener `in`: stat_prefix");
    }

    @Test
    void clusters_showLoad_asTextAndAsJson() throws Exception {
        proxy.get("in", "/");
        String endpoint = "127.0.0.1:" + upstream.address().getPort();
        assertThat(proxy.admin("/clusters").body())
                .contains("pay::default_priority::max_connections::1024\n")
                .contains("pay::" + endpoint + "::health_flags::healthy\n")
                .contains("pay::" + endpoint + "::rq_total::1\n");
        Struct.Builder read = Struct.newBuilder();
        JsonFormat.parser().merge(proxy.admin("/clusters?format=json").body(), read);
        assertThat(read.getFieldsOrThrow("cluster_statuses").getListValue().getValuesCount())
                .isEqualTo(1);
    }

    @Test
    void listeners_showTheRealPort() {
        assertThat(proxy.admin("/listeners").body())
                .isEqualTo("in::127.0.0.1:" + proxy.listener("in").getPort() + "\n");
        assertThat(proxy.admin("/listeners?format=json").body()).contains("\"listener_statuses\"");
    }

    @Test
    void stats_areForPrometheus() {
        proxy.get("in", "/");
        HttpResponse<String> stats = proxy.admin("/stats/prometheus");
        assertThat(stats.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(stats.body())
                .contains("envoy_server_live 1\n", "envoy_control_plane_connected_state 1\n")
                .contains("perimeter_xds_updates_accepted_total{type=\"listener\"} 1");
    }
}
