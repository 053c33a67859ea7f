package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

public class HappyPathTest {

    @Test
    void request_matchingRoute_reachesTheClusterAndTheAnswerComesBack() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            HttpResponse<String> response = proxy.send(
                    HttpRequest.newBuilder(proxy.uri("/x?y=1")).POST(HttpRequest.BodyPublishers.ofString("hello")));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("a");
            FakeUpstream.Received received = upstream.received().getFirst();
            assertThat(received.method()).isEqualTo("POST");
            assertThat(received.target()).isEqualTo("/x?y=1");
            assertThat(received.text()).isEqualTo("hello");
            assertThat(proxy.logLines(1).getFirst())
                    .contains(
                            "\"method\":\"POST\"",
                            "\"status\":200",
                            "\"received\":5",
                            "\"sent\":1",
                            "\"cluster\":\"a\"")
                    .contains("\"flags\":null");
        }
    }

    @Test
    void requests_oneAfterTheOther_shareOneUpstreamConnection() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    }
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.get("/").body()).isEqualTo("ok");
            }

            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void weightedClusters_manyRequests_splitByWeight() throws Exception {
        try (FakeUpstream one = FakeUpstream.named("one");
                FakeUpstream two = FakeUpstream.named("two");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("one", one.address())
                        .cluster("two", two.address())
                        .action(
                                "/",
                                Config.forward(
                                        Duration.ZERO, new WeightedCluster("one", 9), new WeightedCluster("two", 1)))
                        .http())) {
            Map<String, Integer> answers = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                answers.merge(proxy.get("/").body(), 1, Integer::sum);
            }

            assertThat(answers.get("two")).isBetween(20, 90);
            assertThat(answers.get("one")).isEqualTo(500 - answers.get("two"));
        }
    }

    @Test
    void clusterOfTwo_requests_takeTurns() throws Exception {
        try (FakeUpstream one = FakeUpstream.named("one");
                FakeUpstream two = FakeUpstream.named("two");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("both", one.address(), two.address())
                        .route("/", "both")
                        .http())) {
            for (int i = 0; i < 20; i++) {
                proxy.get("/");
            }

            assertThat(one.received()).hasSize(10);
            assertThat(two.received()).hasSize(10);
        }
    }

    @Test
    void directResponseAndRedirect_areAnsweredHere() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                .action("/teapot", new RouteAction.DirectResponse(418, "short and stout"))
                .action("/old", new RouteAction.Redirect(301, null, null, -1, null, "/new"))
                .http())) {
            HttpResponse<String> teapot = proxy.get("/teapot");
            HttpResponse<String> moved = proxy.get("/old/thing?q=1");

            assertThat(teapot.statusCode()).isEqualTo(418);
            assertThat(teapot.body()).isEqualTo("short and stout");
            assertThat(moved.statusCode()).isEqualTo(301);
            assertThat(moved.headers().firstValue("location"))
                    .hasValue(proxy.uri("/new/thing?q=1").toString());
        }
    }

    @Test
    void metrics_afterRequests_showThemInPrometheusFormat() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            proxy.get("/");
            proxy.get("/");
            proxy.logLines(2);

            String page = proxy.dataPlane().metrics().prometheus();

            assertThat(page)
                    .contains("envoy_http_downstream_rq_total{envoy_http_conn_manager_prefix=\"http\"} 2")
                    .contains(
                            "envoy_cluster_upstream_rq_xx{envoy_response_code_class=\"2\",envoy_cluster_name=\"a\"} 2")
                    .contains("envoy_http_downstream_rq_time_count{envoy_http_conn_manager_prefix=\"http\"} 2")
                    .contains("envoy_http_downstream_rq_active{envoy_http_conn_manager_prefix=\"http\"} 0");
            assertThat(page.lines())
                    .allMatch(line -> line.matches("# (HELP|TYPE) [a-z_0-9]+ .+|[a-z0-9_]+(\\{.*\\})? \\S+"));
        }
    }
}
