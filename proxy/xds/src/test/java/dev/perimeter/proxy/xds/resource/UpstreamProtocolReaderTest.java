package dev.perimeter.proxy.xds.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Lifetime;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.AutoHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig;
import org.junit.jupiter.api.Test;

/** What a cluster says of how it is spoken to. */
class UpstreamProtocolReaderTest {

    private static final String NAME = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    @Test
    void clusterThatSaysNothing_isSpokenToInHttp1() {
        UpstreamProtocol protocol = read(Cluster.getDefaultInstance());
        assertThat(protocol.version()).isEqualTo(Version.HTTP1);
        assertThat(protocol.lifetime()).isEqualTo(Lifetime.idle(java.time.Duration.ofHours(1)));
        assertThat(protocol.limits()).isEqualTo(HttpLimits.DEFAULTS);
        assertThat(protocol.http2()).isEqualTo(Http2Options.DEFAULTS);
    }

    @Test
    @SuppressWarnings("deprecation")
    void oldFieldsOfTheCluster_areHonoured() {
        UpstreamProtocol protocol = read(Cluster.newBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.newBuilder().setMaxConcurrentStreams(UInt32Value.of(7)))
                .setMaxRequestsPerConnection(UInt32Value.of(3))
                .build());
        assertThat(protocol.version()).isEqualTo(Version.HTTP2);
        assertThat(protocol.http2().maxConcurrentStreams()).isEqualTo(7);
        assertThat(protocol.lifetime().requests()).isEqualTo(3);
    }

    @Test
    void eachWayToChoose_isAVersion() {
        assertThat(read(with(explicit())).version()).isEqualTo(Version.HTTP2);
        assertThat(read(with(HttpProtocolOptions.newBuilder().setAutoConfig(AutoHttpConfig.getDefaultInstance())))
                        .version())
                .isEqualTo(Version.ALPN);
        assertThat(read(with(HttpProtocolOptions.newBuilder()
                                .setUseDownstreamProtocolConfig(UseDownstreamHttpConfig.getDefaultInstance())))
                        .version())
                .isEqualTo(Version.AS_DOWNSTREAM);
        assertThat(
                        read(with(HttpProtocolOptions.newBuilder()
                                        .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                                                .setHttpProtocolOptions(io.envoyproxy.envoy.config.core.v3
                                                        .Http1ProtocolOptions.getDefaultInstance()))))
                                .version())
                .isEqualTo(Version.HTTP1);
    }

    @Test
    void commonOptions_boundConnectionsAndStreams() {
        HttpProtocolOptions.Builder options = explicit();
        options.getCommonHttpProtocolOptionsBuilder()
                .setIdleTimeout(seconds(5))
                .setMaxConnectionDuration(seconds(60))
                .setMaxStreamDuration(seconds(9))
                .setMaxRequestsPerConnection(UInt32Value.of(100))
                .setMaxHeadersCount(UInt32Value.of(50))
                .setMaxResponseHeadersKb(UInt32Value.of(16));
        UpstreamProtocol protocol = read(with(options));
        assertThat(protocol.lifetime())
                .isEqualTo(new Lifetime(java.time.Duration.ofSeconds(5), java.time.Duration.ofMinutes(1), 100));
        assertThat(protocol.maxStreamDuration()).isEqualTo(java.time.Duration.ofSeconds(9));
        assertThat(protocol.limits()).isEqualTo(new HttpLimits(16 * 1024, 50));
    }

    @Test
    void http2Options_areHonoured() {
        HttpProtocolOptions.Builder options = explicit();
        options.getExplicitHttpConfigBuilder()
                .getHttp2ProtocolOptionsBuilder()
                .setInitialStreamWindowSize(UInt32Value.of(70_000))
                .setInitialConnectionWindowSize(UInt32Value.of(80_000))
                .setHpackTableSize(UInt32Value.of(0))
                .setConnectionKeepalive(
                        KeepaliveSettings.newBuilder().setInterval(seconds(30)).setTimeout(seconds(2)));
        Http2Options http2 = read(with(options)).http2();
        assertThat(http2.streamWindow()).isEqualTo(70_000);
        assertThat(http2.connectionWindow()).isEqualTo(80_000);
        assertThat(http2.hpackTableSize()).isZero();
        assertThat(http2.keepAlive())
                .isEqualTo(
                        new Http2Options.KeepAlive(java.time.Duration.ofSeconds(30), java.time.Duration.ofSeconds(2)));
    }

    @Test
    void choiceThatIsMissing_isRefusedByItsPath() {
        assertThat(refusal(with(HttpProtocolOptions.newBuilder())))
                .isEqualTo("typed_extension_protocol_options[" + NAME
                        + "]: needs explicit_http_config, use_downstream_protocol_config or auto_config");
    }

    @Test
    void windowThatIsTooSmall_isRefusedByItsPath() {
        HttpProtocolOptions.Builder options = explicit();
        options.getExplicitHttpConfigBuilder()
                .getHttp2ProtocolOptionsBuilder()
                .setInitialStreamWindowSize(UInt32Value.of(1));
        assertThat(refusal(with(options)))
                .isEqualTo("typed_extension_protocol_options[" + NAME
                        + "].explicit_http_config.http2_protocol_options.initial_stream_window_size:"
                        + " 1 must be between 65535 and 2147483647");
    }

    private static HttpProtocolOptions.Builder explicit() {
        return HttpProtocolOptions.newBuilder()
                .setExplicitHttpConfig(ExplicitHttpConfig.newBuilder()
                        .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance()));
    }

    private static Cluster with(HttpProtocolOptions.Builder options) {
        return Cluster.newBuilder()
                .putTypedExtensionProtocolOptions(NAME, Any.pack(options.build()))
                .build();
    }

    private static Duration seconds(long seconds) {
        return Duration.newBuilder().setSeconds(seconds).build();
    }

    private static UpstreamProtocol read(Cluster cluster) {
        Place place = Place.root();
        UpstreamProtocol protocol = UpstreamProtocolReader.read(cluster, place);
        assertThat(place.outcome(protocol)).isInstanceOf(Parsed.Ok.class);
        return protocol;
    }

    private static String refusal(Cluster cluster) {
        Place place = Place.root();
        Parsed<UpstreamProtocol> parsed = place.outcome(UpstreamProtocolReader.read(cluster, place));
        return parsed instanceof Parsed.Bad<UpstreamProtocol> bad ? bad.sentence() : "accepted";
    }
}
