package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Waiting for the whole request, ten bytes at most, on real sockets. */
class BufferFilterTest {

    private static final Buffer TEN_BYTES = buffer(10);

    private final FakeUpstream upstream =
            FakeUpstream.answering(request -> Answer.text(200, request.text() + request.header("Content-length")));

    private static Buffer buffer(int most) {
        return Buffer.newBuilder().setMaxRequestBytes(UInt32Value.of(most)).build();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void chunkedBody_reachesTheUpstreamWholeAndWithALength() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                        .start();
                RawClient client = proxy.raw()) {
            client.send(FilterProxy.HOST + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n");
            assertThat(upstream.received()).isEmpty();
            client.send("6\r\nefghij\r\n0\r\n\r\n");
            assertThat(client.readTo("abcdefghij10")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void tooMany_declaredOrNot_are413_andTheUpstreamHearsNothing() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                .start()) {
            try (RawClient client = proxy.raw()) {
                client.send(FilterProxy.HOST + "Content-Length: 11\r\n\r\n");
                assertThat(client.readTo("Payload Too Large")).startsWith("HTTP/1.1 413");
            }
            try (RawClient client = proxy.raw()) {
                client.send(FilterProxy.HOST + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nghijkl\r\n");
                assertThat(client.readTo("Payload Too Large")).startsWith("HTTP/1.1 413");
            }
            assertThat(upstream.received()).isEmpty();
        }
    }

    @Test
    void clientThatWaitsForASign_getsItHere() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                        .start();
                RawClient client = proxy.raw()) {
            client.send(FilterProxy.HOST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).startsWith("HTTP/1.1 100");
            client.send("ok");
            assertThat(client.readTo("ok2")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void trailers_passBehindTheBody() throws Exception {
        try (RawUpstream raw = RawUpstream.running(connection -> {
                    connection.readHead();
                    String body = connection.readTo("x-end: yes\r\n\r\n");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                });
                FilterProxy proxy = FilterProxy.with(raw.address(), new BufferFilter(), TEN_BYTES)
                        .start();
                RawClient client = proxy.raw()) {
            client.send(FilterProxy.HOST
                    + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\nx-end: yes\r\n\r\n");
            assertThat(client.readTo("x-end: yes\r\n\r\n")).contains("4\r\nabcd\r\n0\r\n");
        }
    }

    @Test
    void largeBody_waitsForTheConnectionAndLosesNothing() throws Exception {
        String body = "0123456789".repeat(300_000);
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), buffer(4_000_000))
                .start()) {
            assertThat(new String(proxy.bytes(proxy.request("/").POST(HttpRequest.BodyPublishers.ofString(body)))
                            .body()))
                    .isEqualTo(body + body.length());
        }
    }

    @Test
    void clientThatGoesAway_leavesNothingBehind() throws Exception {
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                .start()) {
            try (RawClient client = proxy.raw()) {
                client.send(FilterProxy.HOST + "Content-Length: 10\r\n\r\nabc");
            }
            await().until(() -> proxy.metric("envoy_http_downstream_rq_rx_reset") == 1);
            assertThat(upstream.received()).isEmpty();
        }
    }

    @Test
    void route_mayRaiseTheLimitOrLiftIt() throws Exception {
        BufferPerRoute twenty =
                BufferPerRoute.newBuilder().setBuffer(buffer(20)).build();
        BufferPerRoute off = BufferPerRoute.newBuilder().setDisabled(true).build();
        String body = "0123456789abcde";
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                .special(new BufferFilter(), twenty)
                .start()) {
            assertThat(post(proxy, "/special", body)).isEqualTo(200);
            assertThat(post(proxy, "/", body)).isEqualTo(413);
        }
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new BufferFilter(), TEN_BYTES)
                .special(new BufferFilter(), twenty, off)
                .start()) {
            assertThat(post(proxy, "/special", body.repeat(9))).isEqualTo(200);
        }
    }

    private static int post(FilterProxy proxy, String path, String body) throws Exception {
        return proxy.bytes(proxy.request(path).POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode();
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(new BufferFilter(), Buffer.getDefaultInstance()))
                .isEqualTo("max_request_bytes: must be set");
        assertThat(FilterProxy.refusal(new BufferFilter(), buffer(0)))
                .isEqualTo("max_request_bytes: 0 must be between 1 and 2147483639");
    }
}
