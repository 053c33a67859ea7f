package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.RawClient;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.decompressor.v3.Decompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Unpacking what the JDK packed, on real sockets. */
class DecompressorFilterTest {

    private static final String TEXT = "Packed by one, unpacked by another. ".repeat(5_000);
    private static final byte[] ZIPPED = Gzip.zip(TEXT.getBytes(StandardCharsets.UTF_8));

    private final Map<String, String> headers = new HashMap<>(Map.of("Content-Encoding", "gzip"));
    private byte[] content = ZIPPED;
    private final FakeUpstream upstream = FakeUpstream.answering(request -> new Answer(200, headers, content));
    private final FilterProxy proxy = FilterProxy.with(upstream.address(), new DecompressorFilter(), gzip(1000))
            .start();

    private static Decompressor gzip(int ratio) {
        return Decompressor.newBuilder()
                .setDecompressorLibrary(TypedExtensionConfig.newBuilder()
                        .setName("text")
                        .setTypedConfig(Any.pack(
                                io.envoyproxy.envoy.extensions.compression.gzip.decompressor.v3.Gzip.newBuilder()
                                        .setMaxInflateRatio(UInt32Value.of(ratio))
                                        .build())))
                .build();
    }

    @AfterEach
    void stop() {
        proxy.close();
        upstream.close();
    }

    @Test
    void response_isUnpacked_andTheUpstreamKnewThatItMay() throws Exception {
        HttpResponse<String> response = proxy.get("/");
        assertThat(response.body()).isEqualTo(TEXT);
        assertThat(response.headers().map()).doesNotContainKeys("content-encoding", "content-length");
        assertThat(upstream.received().getFirst().header("Accept-encoding")).isEqualTo("gzip");
        assertThat(proxy.metric("envoy_http_decompressor_gzip_decompressed")).isEqualTo(1);
    }

    @Test
    void request_isUnpacked_piecemealToo() throws Exception {
        HttpResponse<byte[]> response = proxy.bytes(proxy.request("/")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArrays(java.util.stream.IntStream.range(0, ZIPPED.length)
                        .mapToObj(i -> new byte[] {ZIPPED[i]})
                        .toList())));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(upstream.received().getFirst().text()).isEqualTo(TEXT);
        assertThat(upstream.received().getFirst().header("Content-encoding")).isNull();
    }

    @Test
    void severalMembers_withNamesAndExtras_areOneContent() throws Exception {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(Gzip.zip("one ".getBytes(StandardCharsets.UTF_8)));
        byte[] second = Gzip.zip("two".getBytes(StandardCharsets.UTF_8));
        // Extra field, name, comment and header checksum before the same content (RFC 1952 section 2.3.1).
        both.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 3, 0, 'a', 'b', 'c'});
        both.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        both.writeBytes(new byte[] {1, 2});
        both.writeBytes(Arrays.copyOfRange(second, 10, second.length));
        content = both.toByteArray();
        assertThat(proxy.get("/").body()).isEqualTo("one two");
    }

    @Test
    void otherCodings_andNoTransform_passAsTheyAre() throws Exception {
        headers.put("Cache-Control", "no-transform");
        assertThat(proxy.bytes(proxy.request("/")).body()).isEqualTo(ZIPPED);
        headers.remove("Cache-Control");
        headers.put("Content-Encoding", "gzip, br");
        assertThat(proxy.bytes(proxy.request("/")).body()).isEqualTo(ZIPPED);
        headers.put("Content-Encoding", "br, gzip");
        HttpResponse<String> outer = proxy.get("/");
        assertThat(outer.body()).isEqualTo(TEXT);
        assertThat(outer.headers().firstValue("content-encoding")).hasValue("br");
    }

    @Test
    void requestThatIsNoGzip_orEndsEarly_is400() throws Exception {
        byte[] half = Arrays.copyOf(ZIPPED, ZIPPED.length / 2);
        byte[] wrong = ZIPPED.clone();
        wrong[wrong.length - 5] ^= 1;
        for (byte[] body : new byte[][] {TEXT.getBytes(StandardCharsets.UTF_8), half, wrong}) {
            assertThat(proxy.bytes(proxy.request("/")
                                    .header("Content-Encoding", "gzip")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                            .statusCode())
                    .isEqualTo(400);
        }
        assertThat(proxy.metric("envoy_http_decompressor_gzip_decompression_failed"))
                .isEqualTo(3);
        assertThat(upstream.received()).isEmpty();
    }

    @Test
    void responseThatEndsEarly_isCutOff_soThatNobodyTakesItForWhole() {
        content = Arrays.copyOf(ZIPPED, ZIPPED.length / 2);
        assertThatThrownBy(() -> proxy.get("/")).isInstanceOf(IOException.class);
    }

    @Test
    void tooMuchOfIt_isGivenUp() throws Exception {
        byte[] bomb = Gzip.zip(new byte[3_000_000]);
        try (FilterProxy strict = FilterProxy.with(upstream.address(), new DecompressorFilter(), gzip(100))
                .start()) {
            assertThat(strict.bytes(strict.request("/")
                                    .header("Content-Encoding", "gzip")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(bomb)))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void slowClient_getsAllOfMuchThatCameInLittle() throws Exception {
        content = Gzip.zip(new byte[2_000_000]);
        try (FilterProxy patient = FilterProxy.with(upstream.address(), new DecompressorFilter(), gzip(1032))
                        .start();
                RawClient client = patient.raw()) {
            client.send("GET / HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
            assertThat(client.readTo("\r\n\r\n")).contains("200");
            long read = 0;
            byte[] some = new byte[64 * 1024];
            for (int n = client.socket().getInputStream().read(some); n >= 0; ) {
                read += n;
                n = client.socket().getInputStream().read(some);
            }
            assertThat(read).isGreaterThan(2_000_000);
        }
    }

    @Test
    void clientThatGoesAwayWhileMoreIsToCome_leavesNothingBehind() throws Exception {
        content = Gzip.zip(new byte[6_000_000]);
        try (FilterProxy patient = FilterProxy.with(upstream.address(), new DecompressorFilter(), gzip(1032))
                .start()) {
            try (RawClient client = patient.raw()) {
                client.send("GET / HTTP/1.1\r\nHost: shop\r\n\r\n");
                client.read(100_000);
            }
            org.awaitility.Awaitility.await().until(() -> patient.metric("envoy_http_downstream_rq_active") == 0);
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(new DecompressorFilter(), gzip(0)))
                .isEqualTo("decompressor_library.typed_config.max_inflate_ratio: 0 must be between 1 and 1032");
    }
}
