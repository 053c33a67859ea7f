package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.testkit.FakeUpstream;
import dev.perimeter.proxy.testkit.FakeUpstream.Answer;
import dev.perimeter.proxy.testkit.RawClient;
import dev.perimeter.proxy.testkit.RawUpstream;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.compression.brotli.compressor.v3.Brotli;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.CommonDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.RequestDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.Compressor.ResponseDirectionConfig;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorOverrides;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.CompressorPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.compressor.v3.ResponseDirectionOverrides;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packing responses and requests on real sockets; the JDK and curl unpack them. */
class CompressorFilterTest {

    private static final String TEXT = "Packed by one, unpacked by another. ".repeat(5_000);

    private final Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "text/plain; charset=utf-8"));
    private String text = TEXT;
    private int status = 200;
    private final FakeUpstream upstream =
            FakeUpstream.answering(request -> new Answer(status, headers, text.getBytes(StandardCharsets.UTF_8)));

    @AfterEach
    void stop() {
        upstream.close();
    }

    private static Compressor.Builder gzip() {
        return Compressor.newBuilder()
                .setCompressorLibrary(
                        TypedExtensionConfig.newBuilder()
                                .setName("text")
                                .setTypedConfig(Any.pack(io.envoyproxy.envoy.extensions.compression.gzip.compressor.v3
                                        .Gzip.getDefaultInstance())));
    }

    private FilterProxy proxy(Compressor.Builder config) {
        return FilterProxy.with(upstream.address(), new CompressorFilter(), config.build())
                .start();
    }

    private HttpResponse<byte[]> get(FilterProxy proxy, String... more) throws Exception {
        HttpRequest.Builder request = proxy.request("/");
        return proxy.bytes(more.length == 0 ? request : request.headers(more));
    }

    @Test
    void acceptedGzip_packsTheResponseWhole_andSaysSo() throws Exception {
        headers.put("ETag", "\"strong\"");
        try (FilterProxy proxy = proxy(gzip())) {
            HttpResponse<byte[]> response = get(proxy, "Accept-Encoding", "gzip");

            assertThat(new String(Gzip.unzip(response.body()), StandardCharsets.UTF_8))
                    .isEqualTo(TEXT);
            assertThat(response.headers().firstValue("content-encoding")).hasValue("gzip");
            assertThat(response.headers().firstValue("vary")).hasValue("Accept-Encoding");
            assertThat(response.headers().firstValue("content-length")).isEmpty();
            assertThat(response.headers().firstValue("etag")).isEmpty();
            assertThat(proxy.metric("envoy_http_compressor_gzip_response_compressed"))
                    .isEqualTo(1);
            assertThat(proxy.metric("envoy_http_compressor_gzip_response_total_uncompressed_bytes"))
                    .isEqualTo(TEXT.length());
            assertThat(proxy.metric("envoy_http_compressor_gzip_response_total_compressed_bytes"))
                    .isEqualTo(response.body().length);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip|true",
                "x-gzip|true",
                "br;q=1.0, gzip;q=0.8|true",
                "*|true",
                "identity;q=0.5, gzip;q=0.5|true",
                "gzip;q=0|false",
                "*;q=0|false",
                "gzip;q=0, *|false",
                "identity, gzip;q=0.5|false",
                "br|false",
                "gzip;q=2|false",
            })
    void acceptEncoding_isReadWithItsWeights(String accepted, boolean packed) throws Exception {
        try (FilterProxy proxy = proxy(gzip())) {
            HttpResponse<byte[]> response = get(proxy, "Accept-Encoding", accepted);
            assertThat(response.headers().firstValue("content-encoding").isPresent())
                    .isEqualTo(packed);
            // A cache must know of the other form either way.
            assertThat(response.headers().firstValue("vary")).hasValue("Accept-Encoding");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Type,image/png",
        "Content-Encoding,br",
        "Cache-Control,'max-age=5, no-transform'",
        "Content-Range,bytes 0-9/100",
    })
    void whatShouldStayAsItIs_does(String name, String value) throws Exception {
        headers.put(name, value);
        try (FilterProxy proxy = proxy(gzip())) {
            HttpResponse<byte[]> response = get(proxy, "Accept-Encoding", "gzip");
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(TEXT);
            assertThat(response.headers().firstValue("vary")).isEmpty();
            assertThat(proxy.metric("envoy_http_compressor_gzip_response_not_compressed"))
                    .isEqualTo(1);
        }
    }

    @Test
    void shortContent_andListedStatuses_stayAsTheyAre() throws Exception {
        try (FilterProxy proxy = proxy(gzip().setResponseDirectionConfig(ResponseDirectionConfig.newBuilder()
                .setCommonConfig(CommonDirectionConfig.newBuilder().setMinContentLength(UInt32Value.of(100)))
                .addUncompressibleResponseCodes(404)))) {
            status = 404;
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().map()).doesNotContainKey("content-encoding");
            status = 200;
            text = "x".repeat(99);
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().map()).doesNotContainKey("content-encoding");
            text = "x".repeat(100);
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().map()).containsKey("content-encoding");
        }
    }

    @Test
    void etag_weakStays_andAnyForbidsWhereTheConfigSaysSo() throws Exception {
        headers.put("ETag", "W/\"weak\"");
        try (FilterProxy proxy = proxy(gzip())) {
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().firstValue("etag"))
                    .hasValue("W/\"weak\"");
        }
        try (FilterProxy proxy = proxy(gzip().setResponseDirectionConfig(
                        ResponseDirectionConfig.newBuilder().setDisableOnEtagHeader(true)))) {
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().map()).doesNotContainKey("content-encoding");
        }
    }

    @Test
    void acceptEncoding_isKeptFromTheUpstream_whereTheConfigOrARouteSaysSo() throws Exception {
        CompressorPerRoute keep = CompressorPerRoute.newBuilder()
                .setOverrides(CompressorOverrides.newBuilder()
                        .setResponseDirectionConfig(ResponseDirectionOverrides.newBuilder()
                                .setRemoveAcceptEncodingHeader(BoolValue.of(false))))
                .build();
        Compressor remove = gzip().setResponseDirectionConfig(
                        ResponseDirectionConfig.newBuilder().setRemoveAcceptEncodingHeader(true))
                .build();
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new CompressorFilter(), remove)
                .special(new CompressorFilter(), keep)
                .start()) {
            assertThat(get(proxy, "Accept-Encoding", "gzip").headers().map()).containsKey("content-encoding");
            assertThat(upstream.received().getFirst().header("Accept-encoding")).isNull();
            proxy.get("/special", "Accept-Encoding", "gzip");
            assertThat(upstream.received().get(1).header("Accept-encoding")).isEqualTo("gzip");
        }
    }

    @Test
    void route_mayLetEverythingPass() throws Exception {
        CompressorPerRoute off =
                CompressorPerRoute.newBuilder().setDisabled(true).build();
        try (FilterProxy proxy = FilterProxy.with(upstream.address(), new CompressorFilter(), gzip().build())
                .special(new CompressorFilter(), off)
                .start()) {
            assertThat(proxy.get("/special", "Accept-Encoding", "gzip").body()).isEqualTo(TEXT);
        }
    }

    @Test
    void requests_arePackedOnlyIfTheConfigSaysSo() throws Exception {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(TEXT);
        try (FilterProxy proxy = proxy(gzip())) {
            proxy.bytes(proxy.request("/").header("Content-Type", "text/plain").POST(body));
            assertThat(upstream.received().getFirst().text()).isEqualTo(TEXT);
        }
        try (FilterProxy proxy = proxy(gzip().setRequestDirectionConfig(RequestDirectionConfig.getDefaultInstance()))) {
            proxy.bytes(proxy.request("/").header("Content-Type", "text/plain").POST(body));
            assertThat(upstream.received().get(1).header("Content-encoding")).isEqualTo("gzip");
            assertThat(Gzip.unzip(upstream.received().get(1).body())).asString().isEqualTo(TEXT);
        }
    }

    @Test
    void eachPartOfAStream_canBeReadBeforeTheNextComes_andTrailersCloseIt() throws Exception {
        Object gate = new Object();
        try (RawUpstream raw = RawUpstream.running(connection -> {
                    connection.readHead();
                    connection.send(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n");
                    connection.send("5\r\nfirst\r\n");
                    synchronized (gate) {
                        gate.wait(10_000);
                    }
                    connection.send("4\r\nlast\r\n0\r\nx-end: yes\r\n\r\n");
                });
                FilterProxy proxy = FilterProxy.with(raw.address(), new CompressorFilter(), gzip().build())
                        .start()) {
            HttpResponse<java.io.InputStream> response = java.net.http.HttpClient.newHttpClient()
                    .send(
                            proxy.request("/").header("Accept-Encoding", "gzip").build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            GZIPInputStream in = new GZIPInputStream(response.body());
            assertThat(new String(in.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            synchronized (gate) {
                gate.notifyAll();
            }
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("last");
        }
    }

    @Test
    void clientThatGoesAwayInMidStream_leavesNothingBehind() throws Exception {
        text = TEXT.repeat(8);
        try (FilterProxy proxy = proxy(gzip())) {
            for (int i = 0; i < 5; i++) {
                try (RawClient client = proxy.raw()) {
                    client.send("GET / HTTP/1.1\r\nHost: shop\r\nAccept-Encoding: gzip\r\n\r\n");
                    client.read(200 * i + 1);
                }
            }
            org.awaitility.Awaitility.await().until(() -> proxy.metric("envoy_http_downstream_rq_active") == 0);
        }
    }

    @Test
    void curl_unpacksIt() throws Exception {
        try (FilterProxy proxy = proxy(gzip())) {
            Process curl = new ProcessBuilder(
                            "curl",
                            "-s",
                            "--compressed",
                            "http://127.0.0.1:" + proxy.address().getPort() + "/")
                    .start();
            assertThat(new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(TEXT);
            assertThat(curl.waitFor()).isZero();
        }
    }

    @Test
    void badConfig_isRefusedWithTheSentence() {
        assertThat(FilterProxy.refusal(new CompressorFilter(), Compressor.getDefaultInstance()))
                .isEqualTo("compressor_library.typed_config: is missing");
        assertThat(FilterProxy.refusal(
                        new CompressorFilter(),
                        Compressor.newBuilder()
                                .setCompressorLibrary(TypedExtensionConfig.newBuilder()
                                        .setTypedConfig(Any.pack(Brotli.getDefaultInstance())))
                                .build()))
                .startsWith("compressor_library.typed_config: no library here is `type.googleapis.com/")
                .endsWith("Brotli`; there is gzip");
    }
}
