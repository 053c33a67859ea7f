package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.route.RouteAction.WeightedCluster;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a client gets when an upstream does not do its part, and what the log says of it. */
public class UpstreamFailureTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static RunningProxy proxyTo(RawUpstream upstream) {
        return new RunningProxy(
                new Config().cluster("a", upstream.address()).route("/", "a").http());
    }

    @Test
    void connectRefused_anotherEndpoint_takesThePost() throws Exception {
        try (FakeUpstream alive = FakeUpstream.named("alive");
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", RawUpstream.deadAddress(), alive.address())
                        .route("/", "a")
                        .http())) {
            for (int i = 0; i < 4; i++) {
                HttpResponse<String> response = proxy.send(
                        HttpRequest.newBuilder(proxy.uri("/")).POST(HttpRequest.BodyPublishers.ofString("once")));
                assertThat(response.statusCode()).isEqualTo(200);
            }

            assertThat(alive.received())
                    .hasSize(4)
                    .allMatch(received -> received.text().equals("once"));
            assertThat(proxy.logLines(4)).anyMatch(line -> line.contains("\"attempts\":2"));
        }
    }

    @Test
    void connectRefused_everywhere_is503WithFlagUF() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                .cluster("a", RawUpstream.deadAddress(), RawUpstream.deadAddress())
                .route("/", "a")
                .http())) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("connection failure");
            assertThat(response.headers().firstValue("x-proxy-reason"))
                    .get()
                    .asString()
                    .contains("cluster 'a'", "2 attempt");
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UF\"", "\"attempts\":2", "\"status\":503");
        }
    }

    @Test
    void cluster_withoutEndpoints_is503WithFlagUH() throws Exception {
        try (RunningProxy proxy =
                new RunningProxy(new Config().cluster("a").route("/", "a").http())) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UH\"", "no_healthy_upstream");
        }
    }

    @Test
    void route_toUnknownCluster_thatChoosesAStatus_isAnsweredWithIt() throws Exception {
        List<WeightedCluster> gone = List.of(new WeightedCluster("gone", 1));
        try (RunningProxy proxy = new RunningProxy(new Config()
                .action("/", Config.forward(gone, Duration.ZERO, false, 500))
                .http())) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(500);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"NC\"", "cluster_not_found");
        }
    }

    @Test
    void route_toUnknownCluster_is503WithFlagNC() throws Exception {
        try (RunningProxy proxy =
                new RunningProxy(new Config().route("/", "gone").http())) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"NC\"");
        }
    }

    @Test
    void request_withoutRoute_is404WithFlagNR() throws Exception {
        try (RunningProxy proxy =
                new RunningProxy(new Config().route("/known", "a").http())) {
            assertThat(proxy.get("/other").statusCode()).isEqualTo(404);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"NR\"", "route_not_found");
        }
    }

    @Test
    void reset_beforeTheHead_is503WithFlagUC() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.reset();
                });
                RunningProxy proxy = proxyTo(upstream)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UC\"", "connection_termination");
        }
    }

    @Test
    void reset_afterTheHead_endsTheReplyShortAndNeverWhole() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    connection.reset();
                });
                RunningProxy proxy = proxyTo(upstream);
                RawClient client = new RawClient(proxy.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readTo("\r\n\r\n")).contains("Content-Length: 100");
            assertThat(client.readToEnd()).isIn("", "half");
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"flags\":\"UC\"", "upstream_reset_after_response_started");
        }
    }

    @Test
    void nonsense_insteadOfAResponse_is502() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("220 mail.example.com ESMTP\r\n\r\n");
                });
                RunningProxy proxy = proxyTo(upstream)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(502);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UPE\"");
        }
    }

    @Test
    void silence_longerThanTheRoutesTimeout_is504WithFlagUT() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    end.await();
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", upstream.address())
                        .route("/", "a", Duration.ofMillis(100))
                        .http())) {
            HttpResponse<String> response = proxy.get("/");
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UT\"", "response_timeout");
        }
    }

    @Test
    void keptConnection_closedAsTheRequestArrives_getIsSentOnceMoreOnAFreshOne() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    if (connection.number() == 1) {
                        connection.readHead();
                        connection.reset();
                    } else {
                        connection.readHead();
                        connection.send(OK);
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(upstream.connections()).isEqualTo(2);
            assertThat(proxy.logLines(2))
                    .anyMatch(line -> line.contains("\"attempts\":2") && line.contains("\"flags\":null"));
        }
    }

    @Test
    void keptConnection_closedAsAPostArrives_isNotRepeated() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(OK);
                    connection.readHead();
                    connection.reset();
                });
                RunningProxy proxy = proxyTo(upstream)) {
            proxy.get("/");
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).POST(HttpRequest.BodyPublishers.ofString("pay")));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(proxy.logLines(2)).anyMatch(line -> line.contains("\"flags\":\"UC\""));
        }
    }

    @Test
    void requests_beyondTheLimit_are503WithFlagUO() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(request -> {
                    asked.countDown();
                    answer.await();
                    return FakeUpstream.Answer.text(200, "late");
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .limits(new ConnectionLimits(1024, 1024, 1))
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            var first = proxy.client()
                    .sendAsync(HttpRequest.newBuilder(proxy.uri("/")).build(), HttpResponse.BodyHandlers.ofString());
            asked.await();
            HttpResponse<String> second = proxy.get("/");
            answer.countDown();

            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).contains("overflow");
            assertThat(first.join().body()).isEqualTo("late");
            assertThat(proxy.logLines(2)).anyMatch(line -> line.contains("\"flags\":\"UO\""));
        }
    }

    @Test
    void connections_atTheLimit_requestsWaitForTheirTurn() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.named("a");
                RunningProxy proxy = new RunningProxy(new Config()
                        .limits(new ConnectionLimits(1, 1024, 1024))
                        .cluster("a", upstream.address())
                        .route("/", "a")
                        .http())) {
            var all = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> proxy.client()
                            .sendAsync(
                                    HttpRequest.newBuilder(proxy.uri("/" + i)).build(),
                                    HttpResponse.BodyHandlers.ofString()))
                    .toList();

            assertThat(all).allMatch(answer -> answer.join().statusCode() == 200);
            assertThat(upstream.received()).hasSize(50);
        }
    }

    @Test
    void client_thatGoesAway_isLoggedAndItsUpstreamRequestEnds() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    asked.countDown();
                    if (connection.socket().getInputStream().read() < 0) {
                        gone.countDown();
                    }
                });
                RunningProxy proxy = proxyTo(upstream)) {
            try (RawClient client = new RawClient(proxy.address())) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                asked.await();
            }

            assertThat(gone.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"DC\"", "downstream_remote_disconnect");
        }
    }
}
