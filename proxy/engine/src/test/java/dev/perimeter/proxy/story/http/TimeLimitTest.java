package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.RouterSettings;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Policies;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How long a request may take, and who is told. */
class TimeLimitTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private RawUpstream silent() {
        return RawUpstream.running(connection -> {
            heads.add(connection.readHead());
            end.await();
        });
    }

    private RawUpstream answering() {
        return RawUpstream.running(connection -> {
            while (true) {
                heads.add(connection.readHead());
                connection.send(OK);
            }
        });
    }

    private static RunningProxy proxy(RawUpstream upstream, Timeouts timeouts, Resilience resilience) {
        return new RunningProxy(new Config()
                .cluster("a", upstream.address())
                .route("/", "a", timeouts, resilience)
                .http());
    }

    private static Timeouts route(Duration timeout) {
        return new Timeouts(timeout, Duration.ZERO);
    }

    private static long millis(String head, String header) {
        Matcher found = Pattern.compile("(?i)" + header + ": (\\d+)").matcher(head);
        assertThat(found.find()).as(head).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static HttpRequest.Builder grpc(RunningProxy proxy, String timeout) {
        return HttpRequest.newBuilder(proxy.uri("/"))
                .header("content-type", "application/grpc")
                .header("grpc-timeout", timeout)
                .POST(BodyPublishers.noBody());
    }

    @Test
    void attempt_thatTakesTooLong_isGivenUpForAnother() throws Exception {
        // The second attempt has as long, and must be answered in time on a machine that has other things to do.
        Duration limit = Duration.ofSeconds(2);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    if (connection.number() == 1) {
                        end.await();
                    }
                    connection.send(OK);
                });
                RunningProxy proxy = proxy(
                        upstream, route(LONG), Resilience.retrying(Policies.perTry(RetryOn.GATEWAY_ERROR, limit)))) {
            HttpResponse<String> response = proxy.get("/");
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(proxy.dataPlane().metrics().cluster("a").total(ClusterMetric.PER_TRY_TIMEOUT))
                    .isEqualTo(1);
        }
    }

    @Test
    void attempts_thatAllTakeTooLong_are504WithFlagUT() throws Exception {
        try (RawUpstream upstream = silent();
                RunningProxy proxy = proxy(
                        upstream, route(LONG), Resilience.retrying(Policies.perTry(RetryOn.SERVER_ERROR, SOON)))) {
            HttpResponse<String> response = proxy.get("/");
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"attempts\":2", "UT", "URX", "upstream_per_try_timeout");
        }
    }

    @Test
    void post_thatTakesTooLong_isNotSentAgain() throws Exception {
        try (RawUpstream upstream = silent();
                RunningProxy proxy = proxy(upstream, route(LONG), Resilience.retrying(Policies.perTry(-1, SOON)))) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).POST(BodyPublishers.ofString("pay")));
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1", "\"flags\":\"UT\"");
        }
    }

    @Test
    void upstream_thatFallsSilentInItsAnswer_isCutOff() throws Exception {
        // Its head must come before that, whatever else the machine does.
        Duration limit = Duration.ofSeconds(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    end.await();
                });
                RunningProxy proxy = proxy(
                        upstream, route(LONG), Resilience.retrying(Policies.perTryIdle(RetryOn.SERVER_ERROR, limit)))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> proxy.get("/"))
                    .isInstanceOf(java.io.IOException.class);
            end.countDown();

            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1", "upstream_per_try_idle_timeout");
        }
    }

    @Test
    void grpcTimeout_shorterThanTheRoutes_endsTheCall() throws Exception {
        try (RawUpstream upstream = silent();
                RunningProxy proxy = proxy(upstream, route(LONG), Resilience.NONE)) {
            proxy.send(grpc(proxy, "100m"));
            end.countDown();

            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UT\"", "response_timeout");
        }
    }

    @Test
    void grpcTimeout_isHandedOnWithWhatIsLeftOfIt() throws Exception {
        try (RawUpstream upstream = answering();
                RunningProxy proxy = proxy(upstream, route(Duration.ofSeconds(5)), Resilience.NONE)) {
            proxy.send(grpc(proxy, "20S"));
            proxy.send(grpc(proxy, "2S"));

            assertThat(millis(heads.get(0), "grpc-timeout")).isBetween(3_000L, 5_000L);
            assertThat(millis(heads.get(1), "grpc-timeout")).isBetween(1_000L, 2_000L);
            assertThat(heads).noneMatch(head -> head.contains("x-envoy-expected-rq-timeout-ms"));
        }
    }

    @Test
    void maxGrpcTimeout_capsWhatTheClientAsksFor() throws Exception {
        Timeouts capped = new Timeouts(
                LONG, Duration.ZERO, null, null, new Timeouts.Grpc(Duration.ofSeconds(10), Duration.ofSeconds(1)));
        try (RawUpstream upstream = answering();
                RunningProxy proxy = proxy(upstream, capped, Resilience.NONE)) {
            proxy.send(grpc(proxy, "20S"));

            assertThat(millis(heads.get(0), "grpc-timeout")).isBetween(5_000L, 9_000L);
        }
    }

    @Test
    void grpcTimeoutOfNothing_endsTheCallAtOnce() throws Exception {
        Timeouts capped = new Timeouts(
                LONG, Duration.ZERO, null, new Timeouts.Grpc(Duration.ofSeconds(10), Duration.ofSeconds(1)), null);
        try (RawUpstream upstream = silent();
                RunningProxy proxy = proxy(upstream, capped, Resilience.NONE)) {
            HttpResponse<String> response = proxy.send(grpc(proxy, "0m"));
            end.countDown();

            assertThat(response.headers().firstValue("grpc-status")).contains("4");
        }
    }

    @Test
    void deadline_isHandedOn_andNeverGrows() throws Exception {
        try (RawUpstream upstream = answering();
                RunningProxy inner = respecting(upstream);
                RunningProxy outer = new RunningProxy(new Config()
                        .cluster("a", inner.address())
                        .route("/", "a", route(Duration.ofSeconds(20)), Resilience.NONE)
                        .http())) {
            outer.get("/");

            assertThat(millis(heads.getFirst(), "x-envoy-expected-rq-timeout-ms"))
                    .isBetween(10_000L, 20_000L);
        }
    }

    @Test
    void callersPatience_isOurs() throws Exception {
        try (RawUpstream upstream = silent();
                RunningProxy proxy = respecting(upstream)) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).header("x-envoy-expected-rq-timeout-ms", "100"));
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"UT\"");
        }
    }

    @Test
    void callersPatience_isNothingToAProxyThatIsNotToldToRespectIt_norToOneAtTheEdge() throws Exception {
        try (RawUpstream upstream = answering();
                RunningProxy plain = proxy(upstream, route(LONG), Resilience.NONE);
                RunningProxy edge =
                        new RunningProxy(respectful(upstream).edge(Config.EDGE).http())) {
            for (RunningProxy proxy : List.of(plain, edge)) {
                heads.clear();
                proxy.send(HttpRequest.newBuilder(proxy.uri("/")).header("x-envoy-expected-rq-timeout-ms", "1"));

                assertThat(millis(heads.getFirst(), "x-envoy-expected-rq-timeout-ms"))
                        .isBetween(10_000L, 30_000L);
            }
        }
    }

    private static RunningProxy respecting(RawUpstream upstream) {
        return new RunningProxy(respectful(upstream).http());
    }

    private static Config respectful(RawUpstream upstream) {
        HttpFilter router = new HttpFilter() {
            @Override
            public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
                exchange.put(RouterSettings.RESPECT_EXPECTED_TIMEOUT, true);
                return Verdict.FORWARD;
            }
        };
        return new Config()
                .filters(new NamedFilter("router", () -> router))
                .cluster("a", upstream.address())
                .route("/", "a", route(LONG), Resilience.NONE);
    }

    @Test
    void stream_thatLivesTooLong_endsWithFlagDT() throws Exception {
        Timeouts limited = new Timeouts(Duration.ZERO, Duration.ZERO, SOON, null, null);
        try (RawUpstream upstream = silent();
                RunningProxy proxy = proxy(upstream, limited, Resilience.NONE)) {
            HttpResponse<String> response = proxy.get("/");
            end.countDown();

            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(proxy.logLines(1).getFirst()).contains("\"flags\":\"DT\"", "max_duration_timeout");
        }
    }
}
