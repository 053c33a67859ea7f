package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.GrpcCaller;
import dev.perimeter.proxy.testkit.RawClient;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultDelay;
import io.envoyproxy.envoy.extensions.filters.common.fault.v3.FaultRateLimit;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.FaultAbort;
import io.envoyproxy.envoy.extensions.filters.http.fault.v3.HTTPFault;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.grpc.Status;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Delays, errors and slowness on purpose, on real sockets. */
class FaultFilterTest {

    private String text = "up";
    private final FakeUpstream upstream = FakeUpstream.answering(request -> Answer.text(200, text));

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static FractionalPercent percent(int numerator) {
        return FractionalPercent.newBuilder().setNumerator(numerator).build();
    }

    private static FaultAbort abort(int status, int percent) {
        return FaultAbort.newBuilder()
                .setHttpStatus(status)
                .setPercentage(percent(percent))
                .build();
    }

    private static FaultDelay delay(int millis) {
        return FaultDelay.newBuilder()
                .setFixedDelay(Duration.newBuilder().setNanos(millis * 1_000_000))
                .setPercentage(percent(100))
                .build();
    }

    private FilterProxy proxy(HTTPFault.Builder fault) {
        return FilterProxy.with(upstream.address(), new FaultFilter(), fault.build())
                .start();
    }

    private static long millis(FilterProxy proxy, String... headers) throws Exception {
        long begin = System.nanoTime();
        assertThat(proxy.get("/", headers).statusCode()).isEqualTo(200);
        return (System.nanoTime() - begin) / 1_000_000;
    }

    @Test
    void abort_repliesWithItsStatus_andTheUpstreamHearsNothing() throws Exception {
        try (FilterProxy proxy = proxy(HTTPFault.newBuilder().setAbort(abort(418, 100)))) {
            HttpResponse<String> response = proxy.get("/");
            assertThat(response.statusCode()).isEqualTo(418);
            assertThat(response.body()).isEqualTo("fault filter abort");
            assertThat(upstream.received()).isEmpty();
            assertThat(proxy.metric("envoy_http_fault_aborts_injected")).isEqualTo(1);
        }
    }

    @Test
    void abort_ofAGrpcCall_isTheStatusThatTheConfigNames() throws Exception {
        HTTPFault.Builder quota = HTTPFault.newBuilder()
                .setAbort(FaultAbort.newBuilder().setGrpcStatus(8).setPercentage(percent(100)));
        try (FilterProxy proxy = proxy(quota);
                GrpcCaller caller = new GrpcCaller(proxy.address())) {
            Status status = caller.call("shop.Orders/Place");
            assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(status.getDescription()).isEqualTo("fault filter abort");
        }
    }

    @Test
    void share_ofTheRequests_isWhatThePercentageSays() throws Exception {
        try (FilterProxy proxy = proxy(HTTPFault.newBuilder().setAbort(abort(503, 30)))) {
            int aborted = 0;
            for (int i = 0; i < 200; i++) {
                aborted += proxy.get("/").statusCode() == 503 ? 1 : 0;
            }
            assertThat(aborted).isBetween(30, 90);
            assertThat(proxy.metric("envoy_http_fault_aborts_injected")).isEqualTo(aborted);
            await().until(() -> proxy.metric("envoy_http_fault_active_faults") == 0);
        }
    }

    @Test
    void delay_holdsTheRequestBack_thenItGoesOn() throws Exception {
        try (FilterProxy proxy = proxy(HTTPFault.newBuilder().setDelay(delay(150)))) {
            assertThat(millis(proxy)).isGreaterThanOrEqualTo(149);
            assertThat(proxy.metric("envoy_http_fault_delays_injected")).isEqualTo(1);
        }
    }

    @Test
    void delayThenAbort_bothHappen() throws Exception {
        try (FilterProxy proxy =
                proxy(HTTPFault.newBuilder().setDelay(delay(50)).setAbort(abort(503, 100)))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(503);
            assertThat(proxy.metric("envoy_http_fault_delays_injected")).isEqualTo(1);
        }
    }

    @Test
    void headers_sayWhat_andMayAskForLessThanTheConfigAllows() throws Exception {
        HTTPFault.Builder byHeader = HTTPFault.newBuilder()
                .setAbort(FaultAbort.newBuilder()
                        .setHeaderAbort(FaultAbort.HeaderAbort.getDefaultInstance())
                        .setPercentage(percent(100)))
                .setDelay(FaultDelay.newBuilder()
                        .setHeaderDelay(FaultDelay.HeaderDelay.getDefaultInstance())
                        .setPercentage(percent(100)));
        try (FilterProxy proxy = proxy(byHeader)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/", "x-envoy-fault-abort-request", "507").statusCode())
                    .isEqualTo(507);
            assertThat(proxy.get("/", "x-envoy-fault-abort-grpc-request", "5").statusCode())
                    .isEqualTo(404);
            assertThat(proxy.get("/", "x-envoy-fault-abort-request", "nonsense").statusCode())
                    .isEqualTo(200);
            assertThat(proxy.get(
                                    "/",
                                    "x-envoy-fault-abort-request",
                                    "507",
                                    "x-envoy-fault-abort-request-percentage",
                                    "0")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(millis(proxy, "x-envoy-fault-delay-request", "120")).isGreaterThanOrEqualTo(119);
        }
    }

    @Test
    void otherRequests_areSpared() throws Exception {
        HTTPFault.Builder some = HTTPFault.newBuilder()
                .setAbort(abort(503, 100))
                .addHeaders(HeaderMatcher.newBuilder().setName("x-test"));
        try (FilterProxy proxy = proxy(some)) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/", "x-test", "1").statusCode()).isEqualTo(503);
        }
        try (FilterProxy proxy =
                proxy(HTTPFault.newBuilder().setAbort(abort(503, 100)).setUpstreamCluster("other"))) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void moreThanMayBeActive_areLeftOut() throws Exception {
        try (FilterProxy proxy =
                        proxy(HTTPFault.newBuilder().setDelay(delay(900)).setMaxActiveFaults(UInt32Value.of(1)));
                RawClient first = proxy.raw()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().until(() -> proxy.metric("envoy_http_fault_active_faults") == 1);
            proxy.get("/");
            assertThat(proxy.metric("envoy_http_fault_faults_overflow")).isEqualTo(1);
            assertThat(proxy.metric("envoy_http_fault_delays_injected")).isEqualTo(1);
        }
    }

    @Test
    void clientThatGoesAwayDuringADelay_endsIt() throws Exception {
        try (FilterProxy proxy = proxy(HTTPFault.newBuilder()
                .setDelay(delay(900).toBuilder()
                        .setFixedDelay(Duration.newBuilder().setSeconds(60))))) {
            try (RawClient client = proxy.raw()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
                await().until(() -> proxy.metric("envoy_http_fault_active_faults") == 1);
            }
            await().until(() -> proxy.metric("envoy_http_fault_active_faults") == 0);
        }
    }

    @Test
    void response_flowsAsFastAsTheLimitSays_andLosesNothing() throws Exception {
        text = "0123456789abcdef".repeat(1024);
        FaultRateLimit limit = FaultRateLimit.newBuilder()
                .setFixedLimit(FaultRateLimit.FixedLimit.newBuilder().setLimitKbps(64))
                .setPercentage(percent(100))
                .build();
        try (FilterProxy proxy = proxy(HTTPFault.newBuilder().setResponseRateLimit(limit))) {
            long begin = System.nanoTime();
            assertThat(proxy.get("/").body()).isEqualTo(text);
            // 16 KiB at 64 KiB/s, the first twentieth of a second free.
            assertThat((System.nanoTime() - begin) / 1_000_000).isBetween(150L, 2_000L);
            try (RawClient client = proxy.raw()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                client.read(2000);
            }
            await().until(() -> proxy.metric("envoy_http_fault_active_faults") == 0);
        }
    }

    @Test
    void route_hasFaultsOfItsOwn() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new FaultFilter(), HTTPFault.getDefaultInstance())
                .special(
                        new FaultFilter(),
                        HTTPFault.newBuilder().setAbort(abort(503, 100)).build())
                .start()) {
            assertThat(proxy.get("/").statusCode()).isEqualTo(200);
            assertThat(proxy.get("/special").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(
                        new FaultFilter(),
                        HTTPFault.newBuilder().setAbort(abort(600, 1)).build()))
                .isEqualTo("abort.http_status: 600 must be between 200 and 599");
        assertThat(FilterProxy.refusal(
                        new FaultFilter(),
                        HTTPFault.newBuilder()
                                .setDelay(FaultDelay.getDefaultInstance())
                                .build()))
                .isEqualTo("delay: needs fixed_delay or header_delay");
    }
}
