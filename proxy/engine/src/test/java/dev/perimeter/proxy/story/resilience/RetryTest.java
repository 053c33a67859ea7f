package dev.perimeter.proxy.story.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perimeter.proxy.observe.metric.ClusterMetric;
import dev.perimeter.proxy.retry.RateLimitedBackOff;
import dev.perimeter.proxy.retry.RetryOn;
import dev.perimeter.proxy.retry.RetryPolicy;
import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.snapshot.AddressRange;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.EdgeBehaviour;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.Policies;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.RawUpstream;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a request is sent again, and when never. */
class RetryTest {

    private static final AddressRange LOOPBACK = new AddressRange(InetAddress.ofLiteral("127.0.0.0"), 8);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final Resilience ON_5XX = Resilience.retrying(Policies.on(RetryOn.SERVER_ERROR));

    private static String answer(String status, String fields) {
        return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: 3\r\n\r\nbad";
    }

    /** Does this to the first request, in whole, and answers all later ones. */
    private static RawUpstream first(RawUpstream.Script script) {
        return RawUpstream.running(connection -> {
            if (connection.number() == 1) {
                connection.readHead();
                script.run(connection);
            }
            while (true) {
                connection.readHead();
                connection.send(OK);
            }
        });
    }

    private static HttpRequest.Builder retrying(RunningProxy proxy) {
        return HttpRequest.newBuilder(proxy.uri("/"))
                .header("x-envoy-retry-on", "5xx")
                .header("x-envoy-internal", "yes");
    }

    private static RunningProxy behaving(RawUpstream upstream, EdgeBehaviour edge) {
        return new RunningProxy(new Config()
                .edge(edge)
                .cluster("a", upstream.address())
                .route("/", "a")
                .http());
    }

    private static RunningProxy proxy(RawUpstream upstream, Resilience resilience) {
        return new RunningProxy(new Config()
                .cluster("a", upstream.address())
                .route("/", "a", resilience)
                .http());
    }

    private static long count(RunningProxy proxy, ClusterMetric metric) {
        return proxy.dataPlane().metrics().cluster("a").total(metric);
    }

    static Stream<Arguments> classes() {
        RawUpstream.Script reset = RawUpstream.Connection::reset;
        return Stream.of(
                arguments("5xx", answer("500 No", "")),
                arguments("5xx", answer("599 No", "")),
                arguments("gateway-error", answer("502 No", "")),
                arguments("gateway-error", answer("504 No", "")),
                arguments("retriable-4xx", answer("409 No", "")),
                arguments("retriable-status-codes", answer("418 No", "")),
                arguments("retriable-headers", answer("200 OK", "X-Again: please\r\n")),
                arguments("envoy-ratelimited", answer("429 No", "x-envoy-ratelimited: true\r\n")),
                arguments("cancelled", answer("200 OK", "grpc-status: 1\r\n")),
                arguments("deadline-exceeded", answer("200 OK", "grpc-status: 4\r\n")),
                arguments("resource-exhausted", answer("200 OK", "grpc-status: 8\r\n")),
                arguments("internal", answer("200 OK", "grpc-status: 13\r\n")),
                arguments("unavailable", answer("200 OK", "grpc-status: 14\r\n")),
                arguments("reset", ""),
                arguments("5xx", ""),
                arguments("gateway-error", ""));
    }

    @ParameterizedTest
    @MethodSource("classes")
    void condition_thatHolds_asksOnceMore(String condition, String answer) throws Exception {
        try (RawUpstream upstream = first(connection -> {
                    if (answer.isEmpty()) {
                        connection.reset();
                    }
                    connection.send(answer);
                });
                RunningProxy proxy = proxy(upstream, Resilience.retrying(Policies.on(RetryOn.named(condition))))) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("ok");
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":2", "\"flags\":null");
            assertThat(count(proxy, ClusterMetric.REQUESTS_RETRIED)).isEqualTo(1);
            assertThat(count(proxy, ClusterMetric.RETRY_SUCCESS)).isEqualTo(1);
            assertThat(count(proxy, ClusterMetric.RETRY_BACKOFF_EXPONENTIAL)).isEqualTo(1);
        }
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments("gateway-error", answer("500 No", ""), 500),
                arguments("gateway-error", answer("505 No", ""), 505),
                arguments("retriable-4xx", answer("404 No", ""), 404),
                arguments("5xx", answer("404 No", ""), 404),
                arguments("retriable-status-codes", answer("417 No", ""), 417),
                arguments("5xx", answer("503 No", "x-envoy-ratelimited: true\r\n"), 503),
                arguments("connect-failure", "", 503),
                arguments("refused-stream", "", 503),
                arguments("unavailable", answer("200 OK", "grpc-status: 13\r\n"), 200));
    }

    @ParameterizedTest
    @MethodSource("others")
    void condition_thatDoesNotHold_passesTheFirstAnswerOn(String condition, String answer, int status)
            throws Exception {
        try (RawUpstream upstream = first(connection -> {
                    if (answer.isEmpty()) {
                        connection.reset();
                    }
                    connection.send(answer);
                });
                RunningProxy proxy = proxy(upstream, Resilience.retrying(Policies.on(RetryOn.named(condition))))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(status);
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1");
            assertThat(count(proxy, ClusterMetric.REQUESTS_RETRIED)).isZero();
        }
    }

    @Test
    void retries_spent_passTheLastAnswerOnWithFlagURX() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(answer("503 No", ""));
                    }
                });
                RunningProxy proxy = proxy(upstream, ON_5XX.counting(true, true))) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("x-envoy-attempt-count")).hasValue("2");
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":2", "\"flags\":\"URX\"");
            assertThat(count(proxy, ClusterMetric.RETRY_LIMIT_EXCEEDED)).isEqualTo(1);
            assertThat(count(proxy, ClusterMetric.RETRY_SUCCESS)).isZero();
            // The rest of the refused answer was read, so that its connection served the retry.
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void attempts_askedTo_sayWhichTheyAre() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    for (int i = 0; i < 2; i++) {
                        heads.add(connection.readHead());
                        connection.send(i == 0 ? answer("503 No", "") : OK);
                    }
                });
                RunningProxy proxy = proxy(upstream, ON_5XX.counting(true, false))) {
            HttpResponse<String> response = proxy.get("/");

            assertThat(response.headers().firstValue("x-envoy-attempt-count")).isEmpty();
            assertThat(heads).hasSize(2);
            assertThat(heads.get(0)).contains("x-envoy-attempt-count: 1");
            assertThat(heads.get(1)).contains("x-envoy-attempt-count: 2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void body_thatFits_isSentAgainWhole(String method) throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        String body = "0123456789".repeat(2_000);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    for (int i = 0; i < 2; i++) {
                        connection.readHead();
                        byte[] read = connection.socket().getInputStream().readNBytes(body.length());
                        bodies.add(new String(read, java.nio.charset.StandardCharsets.US_ASCII));
                        connection.send(bodies.size() == 1 ? answer("503 No", "") : OK);
                    }
                });
                RunningProxy proxy = proxy(upstream, ON_5XX)) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).method(method, BodyPublishers.ofString(body)));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(bodies).containsExactly(body, body);
        }
    }

    @Test
    void body_beyondTheLimit_isNotSentAgain() throws Exception {
        String body = "0123456789".repeat(200);
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.socket().getInputStream().readNBytes(body.length());
                    connection.send(answer("503 No", ""));
                });
                RunningProxy proxy = proxy(upstream, ON_5XX.withBufferLimit(1_000))) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).PUT(BodyPublishers.ofString(body)));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1");
        }
    }

    static Stream<RawUpstream.Script> whatMayHaveBeenProcessed() {
        return Stream.of(
                connection -> connection.send(answer("503 No", "")),
                connection -> connection.send(answer("200 OK", "grpc-status: 14\r\n")),
                RawUpstream.Connection::reset,
                connection -> connection.send("HTTP/1.1 nonsense\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("whatMayHaveBeenProcessed")
    void post_thatMayHaveBeenProcessed_isNeverSentAgain(RawUpstream.Script end) throws Exception {
        int all = -1;
        try (RawUpstream upstream = first(connection -> {
                    connection.readTo("pay");
                    end.run(connection);
                });
                RunningProxy proxy = proxy(upstream, Resilience.retrying(Policies.on(all)))) {
            proxy.send(HttpRequest.newBuilder(proxy.uri("/"))
                    .header("Idempotency-Key", "1")
                    .POST(BodyPublishers.ofString("pay")));

            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1");
            assertThat(count(proxy, ClusterMetric.REQUESTS)).isEqualTo(1);
        }
    }

    @Test
    void post_thatTheOperatorNamed_isSentAgain() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    for (int i = 0; i < 2; i++) {
                        connection.readHead();
                        connection.readTo("pay");
                        connection.send(i == 0 ? answer("503 No", "") : OK);
                    }
                });
                RunningProxy proxy = proxy(
                        upstream,
                        Resilience.retrying(Policies.ifHeader(Policies.on(RetryOn.SERVER_ERROR), "idempotency-key")))) {
            HttpResponse<String> response = proxy.send(HttpRequest.newBuilder(proxy.uri("/"))
                    .header("Idempotency-Key", "1")
                    .POST(BodyPublishers.ofString("pay")));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":2");
        }
    }

    @Test
    void policy_forOtherRequests_doesNotRetry() throws Exception {
        try (RawUpstream upstream = first(connection -> connection.send(answer("503 No", "")));
                RunningProxy proxy = proxy(
                        upstream,
                        Resilience.retrying(Policies.ifHeader(Policies.on(RetryOn.SERVER_ERROR), "idempotency-key")))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void post_whoseConnectIsRefused_isRetriedAsThePolicySays() throws Exception {
        try (RunningProxy proxy = new RunningProxy(new Config()
                .cluster("a", RawUpstream.deadAddress())
                .route("/", "a", Resilience.retrying(Policies.on(RetryOn.CONNECT_FAILURE)))
                .http())) {
            HttpResponse<String> response =
                    proxy.send(HttpRequest.newBuilder(proxy.uri("/")).POST(BodyPublishers.ofString("pay")));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).contains("retried and the latest reset reason: connection failure");
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"attempts\":2", "\"flags\":\"UF,URX\"", "Connection refused");
        }
    }

    @Test
    void afterTheHead_nothingIsSentAgain() throws Exception {
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                    connection.reset();
                });
                RunningProxy proxy = proxy(upstream, Resilience.retrying(Policies.on(-1 & ~RetryOn.HEADERS)))) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> proxy.get("/"))
                    .isInstanceOf(java.io.IOException.class);
            assertThat(proxy.logLines(1).getFirst()).contains("\"attempts\":1", "\"flags\":\"UC\"");
        }
    }

    @Test
    void upstream_thatNamesATime_isGivenIt() throws Exception {
        RetryPolicy asked = Policies.waiting(
                RetryOn.RATE_LIMITED,
                new RateLimitedBackOff(
                        List.of(new RateLimitedBackOff.ResetHeader("retry-after", false)), Duration.ofSeconds(5)));
        try (RawUpstream upstream = first(connection ->
                        connection.send(answer("429 No", "x-envoy-ratelimited: true\r\nRetry-After: 0\r\n")));
                RunningProxy proxy = proxy(upstream, Resilience.retrying(asked))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(count(proxy, ClusterMetric.RETRY_BACKOFF_RATELIMITED)).isEqualTo(1);
        }
    }

    @Test
    void previousHost_toBeAvoided_isNotAskedAgain() throws Exception {
        try (RawUpstream bad = RawUpstream.running(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(answer("503 No", ""));
                    }
                });
                RawUpstream good = RawUpstream.running(connection -> {
                    while (true) {
                        connection.readHead();
                        connection.send(OK);
                    }
                });
                RunningProxy proxy = new RunningProxy(new Config()
                        .cluster("a", bad.address(), good.address())
                        .route("/", "a", Resilience.retrying(Policies.elsewhere(RetryOn.SERVER_ERROR)))
                        .http())) {
            for (int i = 0; i < 10; i++) {
                assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void internalRequest_mayAskForRetriesItself_andNoOther() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        try (RawUpstream upstream = RawUpstream.running(connection -> {
                    while (true) {
                        heads.add(connection.readHead());
                        connection.send(heads.size() % 2 == 1 ? answer("503 No", "") : OK);
                    }
                });
                RunningProxy inside = behaving(upstream, Config.INSIDE.withInternal(LOOPBACK));
                RunningProxy edge = behaving(upstream, Config.EDGE);
                RunningProxy plain = behaving(upstream, Config.INSIDE)) {
            assertThat(inside.send(retrying(inside).header("x-forwarded-for", "127.0.0.1"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(heads.getFirst()).contains("x-envoy-internal: true").doesNotContain("x-envoy-retry-on");
            for (RunningProxy other : List.of(inside, edge, plain)) {
                heads.clear();
                assertThat(other.send(retrying(other)).statusCode()).isEqualTo(503);
                assertThat(heads).hasSize(1);
                assertThat(heads.getFirst()).doesNotContain("x-envoy-internal", "x-envoy-retry-on");
            }
        }
    }
}
