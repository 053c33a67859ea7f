package dev.perimeter.proxy.story.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.route.Resilience;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.Timeouts;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.LocalReplyFormat;
import dev.perimeter.proxy.story.Config;
import dev.perimeter.proxy.story.RunningProxy;
import dev.perimeter.proxy.testkit.GrpcCaller;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the proxy itself says to a gRPC client: a status of gRPC, without content, and the log tells the same. */
class GrpcReplyTest {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final String LOGGED = "%RESPONSE_CODE% %GRPC_STATUS_NUMBER%";

    private static RunningProxy proxy(Config config) {
        return new RunningProxy(config.log("grpc", LOGGED).http());
    }

    private static Status call(RunningProxy proxy) {
        try (GrpcCaller caller = new GrpcCaller(proxy.address())) {
            return caller.call("shop.Orders/Place");
        }
    }

    @Test
    void unknownRoute_isUnimplemented() {
        try (RunningProxy proxy = proxy(new Config().route("/other", "a"))) {
            Status status = call(proxy);

            assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(status.getDescription()).isEqualTo("no such route");
            assertThat(proxy.logLines(1).getFirst())
                    .contains("\"status\":200", "\"grpc\":\"200 12\"", "route_not_found", "NR");
        }
    }

    @Test
    void noEndpoint_isUnavailable() {
        try (RunningProxy proxy = proxy(new Config().cluster("a").route("/", "a"))) {
            Status status = call(proxy);

            assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(status.getDescription()).isEqualTo("no healthy upstream");
            assertThat(proxy.logLines(1).getFirst()).contains("\"grpc\":\"200 14\"", "UH");
        }
    }

    @Test
    void routeTimeout_isDeadlineExceeded() {
        timesOut(new Timeouts(SOON, Duration.ZERO), "upstream request timeout");
    }

    @Test
    void streamThatLivesTooLong_isDeadlineExceeded() {
        timesOut(new Timeouts(Duration.ZERO, Duration.ZERO, SOON, null, null), "downstream duration timeout");
    }

    private static void timesOut(Timeouts timeouts, String message) {
        CountDownLatch end = new CountDownLatch(1);
        try (RawUpstream upstream = RawUpstream.running(connection -> end.await());
                RunningProxy proxy = proxy(
                        new Config().cluster("a", upstream.address()).route("/", "a", timeouts, Resilience.NONE))) {
            Status status = call(proxy);
            end.countDown();

            assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(status.getDescription()).isEqualTo(message);
            assertThat(proxy.logLines(1).getFirst()).contains("\"grpc\":\"200 4\"");
        }
    }

    @Test
    void message_isWhatTheConfigWrites_inPercentEncoding() {
        LocalReplyFormat own =
                new LocalReplyFormat(List.of(), new LocalReplyFormat.Body("text/plain", "100%% né: %RESPONSE_CODE%\n"));
        try (RunningProxy proxy = proxy(new Config().replies(own).route("/other", "a"))) {
            assertThat(call(proxy).getDescription()).isEqualTo("100% né: 404\n");
        }
    }

    @Test
    void directResponse_isAStatusToo() {
        try (RunningProxy proxy =
                proxy(new Config().action("/", new RouteAction.DirectResponse(403, "members only")))) {
            Status status = call(proxy);

            assertThat(status.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(status.getDescription()).isEqualTo("members only");
        }
    }

    @Test
    void http1Client_thatSaysGrpc_getsTheSameHead_andNoContent() throws Exception {
        try (RunningProxy proxy = proxy(new Config().route("/other", "a"))) {
            HttpResponse<String> response = proxy.send(HttpRequest.newBuilder(proxy.uri("/"))
                    .header("content-type", "application/grpc+proto")
                    .POST(HttpRequest.BodyPublishers.noBody()));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("grpc-status")).hasValue("12");
            assertThat(response.headers().firstValue("content-type")).hasValue("application/grpc");
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void grpcWebContentType_isNotGrpc() throws Exception {
        try (RunningProxy proxy = proxy(new Config().route("/other", "a"))) {
            HttpResponse<String> response = proxy.send(HttpRequest.newBuilder(proxy.uri("/"))
                    .header("content-type", "application/grpc-web+proto")
                    .POST(HttpRequest.BodyPublishers.noBody()));

            assertThat(response.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void endpoint_thatRefusesTheConnection_isUnavailable() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress("127.0.0.1", Config.freePort());
        try (RunningProxy proxy = proxy(new Config().cluster("a", nobody).route("/", "a"))) {
            assertThat(call(proxy).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        }
    }
}
