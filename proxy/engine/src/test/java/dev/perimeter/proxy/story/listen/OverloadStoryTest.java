package dev.perimeter.proxy.story.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.overload.OverloadConfig;
import dev.perimeter.proxy.overload.OverloadConfig.Action;
import dev.perimeter.proxy.overload.OverloadConfig.Pressure;
import dev.perimeter.proxy.overload.OverloadConfig.Trigger;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RawHttp2;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.RawClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a proxy refuses so that it lives. */
class OverloadStoryTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final FakeUpstream upstream = FakeUpstream.named("here");

    @AfterEach
    void stop() {
        RunningProxy.transport = options -> options;
        upstream.close();
    }

    private RunningProxy proxy(OverloadConfig overload) {
        RunningProxy.transport = options -> options.withOverload(overload);
        return new RunningProxy(
                new Config().cluster("up", upstream.address()).route("/", "up").http());
    }

    @Test
    void listenerLimit_closesTheConnectionTooMany_untilOneIsGone() throws Exception {
        try (RunningProxy proxy =
                proxy(new OverloadConfig(Duration.ofSeconds(1), 0, 0, Map.of("http", 1), List.of()))) {
            try (RawClient first = new RawClient(proxy.address())) {
                assertThat(first.send(GET).readTo("here")).contains("200");
                try (RawClient second = new RawClient(proxy.address())) {
                    assertThat(second.readToEnd()).isEmpty();
                }
                assertThat(first.send(GET).readTo("here")).contains("200");
            }
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .untilAsserted(() -> assertThat(answered(proxy)).isTrue());
        }
    }

    @Test
    void limitOfAll_countsEveryConnection() throws Exception {
        try (RunningProxy proxy = proxy(new OverloadConfig(Duration.ofSeconds(1), 0, 2, Map.of(), List.of()));
                RawClient first = new RawClient(proxy.address());
                RawClient second = new RawClient(proxy.address())) {
            assertThat(first.send(GET).readTo("here")).contains("200");
            assertThat(second.send(GET).readTo("here")).contains("200");
            try (RawClient third = new RawClient(proxy.address())) {
                assertThat(third.readToEnd()).isEmpty();
            }
            assertThat(proxy.dataPlane().metrics().prometheus())
                    .contains("envoy_overload_refused_connections_total 1\n");
        }
    }

    /** One byte of heap is always too little. */
    private static final OverloadConfig FULL = new OverloadConfig(
            Duration.ofMillis(10),
            1,
            0,
            Map.of(),
            List.of(
                    new Trigger(Action.STOP_ACCEPTING_REQUESTS, Pressure.HEAP, 0.9, 0.9),
                    new Trigger(Action.DISABLE_HTTP_KEEPALIVE, Pressure.HEAP, 0.5, 0.8)));

    @Test
    void heapFull_requestsGet503_withRetryAfter_andConnectionsEnd() throws Exception {
        try (RunningProxy proxy = proxy(FULL)) {
            HttpResponse<String> refused = Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> proxy.get("/"), reply -> reply.statusCode() == 503);
            assertThat(refused.body()).isEqualTo("overloaded, try again later");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            assertThat(refused.headers().firstValue("connection")).contains("close");
            assertThat(proxy.logLines(1).getLast()).contains("\"flags\":\"OM\"", "\"details\":\"overload\"");
        }
    }

    @Test
    void heapFull_overHttp2_aRequestGets503_aCallIsUnavailable_andTheConnectionIsWoundUp() throws Exception {
        try (RunningProxy proxy = proxy(FULL)) {
            Awaitility.await()
                    .atMost(RunningProxy.PATIENCE)
                    .until(() -> proxy.get("/").statusCode() == 503);
            try (RawHttp2 client = new RawHttp2(proxy.address())) {
                RawHttp2.Answer refused = client.get(1, "/").answer(1);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.head().get("retry-after")).hasToString("1");
                assertThat(client.next(RawHttp2.GOAWAY).code()).isZero();
            }
            try (RawHttp2 client = new RawHttp2(proxy.address())) {
                RawHttp2.Answer call = client.post(1, "/shop/Buy", "content-type: application/grpc", "te: trailers")
                        .answer(1);
                assertThat(call.status()).isEqualTo(200);
                assertThat(call.head().get("grpc-status")).hasToString("14");
            }
        }
    }

    private static boolean answered(RunningProxy proxy) throws Exception {
        try (RawClient client = new RawClient(proxy.address())) {
            return client.send(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                    .readToEnd()
                    .contains("here");
        }
    }
}
