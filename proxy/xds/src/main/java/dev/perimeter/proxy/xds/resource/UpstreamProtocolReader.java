package dev.perimeter.proxy.xds.resource;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Lifetime;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Naming;
import dev.perimeter.proxy.cluster.UpstreamProtocol.Version;
import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.snapshot.Http2Options;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.Http2OptionsReader;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.AutoHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a cluster is spoken to: which HTTP, and how long a connection lives. */
final class UpstreamProtocolReader {

    /** Envoy's default. */
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private static final String EXTENSION = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    static final FieldList COMMON = FieldList.of(io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.IDLE_TIMEOUT_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.MAX_CONNECTION_DURATION_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.MAX_STREAM_DURATION_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.MAX_REQUESTS_PER_CONNECTION_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.MAX_HEADERS_COUNT_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.MAX_RESPONSE_HEADERS_KB_FIELD_NUMBER);

    /** Trailers always pass; the parser is the one there is, and names keep the case in which they came. */
    private static final FieldList HTTP1 = FieldList.of(Http1ProtocolOptions::getDescriptor)
            .harmless(
                    Http1ProtocolOptions.ENABLE_TRAILERS_FIELD_NUMBER,
                    Http1ProtocolOptions.USE_BALSA_PARSER_FIELD_NUMBER,
                    Http1ProtocolOptions.HEADER_KEY_FORMAT_FIELD_NUMBER);

    private static final FieldList EXPLICIT = FieldList.of(ExplicitHttpConfig::getDescriptor)
            .inside(ExplicitHttpConfig.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, HTTP1)
            .inside(ExplicitHttpConfig.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS);

    private static final FieldList AUTO = FieldList.of(AutoHttpConfig::getDescriptor)
            .inside(AutoHttpConfig.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, HTTP1)
            .inside(AutoHttpConfig.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS);

    private static final FieldList AS_DOWNSTREAM = FieldList.of(UseDownstreamHttpConfig::getDescriptor)
            .inside(UseDownstreamHttpConfig.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, HTTP1)
            .inside(UseDownstreamHttpConfig.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS);

    private static final FieldList NAMING = FieldList.of(UpstreamHttpProtocolOptions::getDescriptor)
            .honoured(
                    UpstreamHttpProtocolOptions.AUTO_SNI_FIELD_NUMBER,
                    UpstreamHttpProtocolOptions.AUTO_SAN_VALIDATION_FIELD_NUMBER,
                    UpstreamHttpProtocolOptions.OVERRIDE_AUTO_SNI_HEADER_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(HttpProtocolOptions::getDescriptor)
            .inside(HttpProtocolOptions.COMMON_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, COMMON)
            .inside(HttpProtocolOptions.UPSTREAM_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, NAMING)
            .inside(HttpProtocolOptions.EXPLICIT_HTTP_CONFIG_FIELD_NUMBER, EXPLICIT)
            .inside(HttpProtocolOptions.USE_DOWNSTREAM_PROTOCOL_CONFIG_FIELD_NUMBER, AS_DOWNSTREAM)
            .inside(HttpProtocolOptions.AUTO_CONFIG_FIELD_NUMBER, AUTO);

    private UpstreamProtocolReader() {}

    static UpstreamProtocol read(Cluster cluster, Place place) {
        Http2Options before = Http2OptionsReader.read(oldHttp2(cluster), place.in("http2_protocol_options"));
        UpstreamProtocol plain = new UpstreamProtocol(
                oldHas2(cluster) ? Version.HTTP2 : Version.HTTP1,
                HttpLimits.DEFAULTS,
                new Lifetime(IDLE_TIMEOUT, Duration.ZERO, oldRequests(cluster)),
                Duration.ZERO,
                before);
        UpstreamProtocol protocol = cluster.getTypedExtensionProtocolOptionsCount() == 0
                ? common(oldCommon(cluster), plain, place.in("common_http_protocol_options"))
                : plain;
        for (Map.Entry<String, Any> extension :
                cluster.getTypedExtensionProtocolOptionsMap().entrySet()) {
            Place here = place.in("typed_extension_protocol_options[" + extension.getKey() + "]");
            if (!extension.getValue().getTypeUrl().equals(Messages.typeUrl(EXTENSION))) {
                here.refuse("is not supported yet, only " + EXTENSION + " is");
                continue;
            }
            HttpProtocolOptions options =
                    Messages.read(extension.getValue(), HttpProtocolOptions.parser(), FIELDS, here);
            if (options != null) {
                protocol = read(options, protocol, here);
            }
        }
        return protocol;
    }

    private static UpstreamProtocol read(HttpProtocolOptions options, UpstreamProtocol before, Place place) {
        UpstreamProtocol bounded =
                common(options.getCommonHttpProtocolOptions(), before, place.in("common_http_protocol_options"));
        return new UpstreamProtocol(
                version(options, place),
                bounded.limits(),
                bounded.lifetime(),
                bounded.maxStreamDuration(),
                http2(options, place),
                naming(options.getUpstreamHttpProtocolOptions(), place.in("upstream_http_protocol_options")));
    }

    /** What holds for every version of HTTP. */
    private static UpstreamProtocol common(
            io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions common, UpstreamProtocol before, Place commons) {
        HttpLimits limits = new HttpLimits(
                common.hasMaxResponseHeadersKb()
                        ? 1024
                                * Amounts.between(
                                        1,
                                        8192,
                                        common.getMaxResponseHeadersKb(),
                                        commons.in("max_response_headers_kb"))
                        : before.limits().maxHeaderBytes(),
                common.hasMaxHeadersCount()
                        ? Amounts.between(
                                1, Integer.MAX_VALUE, common.getMaxHeadersCount(), commons.in("max_headers_count"))
                        : before.limits().maxHeaderCount());
        Lifetime lifetime = new Lifetime(
                common.hasIdleTimeout()
                        ? Amounts.notNegative(common.getIdleTimeout(), commons.in("idle_timeout"))
                        : before.lifetime().idle(),
                Amounts.notNegative(common.getMaxConnectionDuration(), commons.in("max_connection_duration")),
                common.hasMaxRequestsPerConnection()
                        ? Amounts.limit(common.getMaxRequestsPerConnection())
                        : before.lifetime().requests());
        return new UpstreamProtocol(
                before.version(),
                limits,
                lifetime,
                Amounts.notNegative(common.getMaxStreamDuration(), commons.in("max_stream_duration")),
                before.http2());
    }

    private static @Nullable Naming naming(UpstreamHttpProtocolOptions options, Place place) {
        if (options.getAutoSanValidation() && !options.getAutoSni()) {
            place.in("auto_san_validation").refuse("needs auto_sni, which says what name to look for");
        }
        String header = options.getOverrideAutoSniHeader();
        if (!header.isEmpty() && !Ascii.isToken(header)) {
            place.in("override_auto_sni_header").refuse("`" + header + "` is not a field name");
            return null;
        }
        return options.getAutoSni() ? new Naming(header.equals(":authority") ? "" : header) : null;
    }

    /** Whether certificates must stand for the name that each request is for. */
    static boolean validatesName(Cluster cluster) {
        Any extension = cluster.getTypedExtensionProtocolOptionsMap().get(EXTENSION);
        try {
            // What is wrong with it is said by read().
            return extension != null
                    && extension.is(HttpProtocolOptions.class)
                    && extension
                            .unpack(HttpProtocolOptions.class)
                            .getUpstreamHttpProtocolOptions()
                            .getAutoSanValidation();
        } catch (InvalidProtocolBufferException broken) {
            return false;
        }
    }

    private static Version version(HttpProtocolOptions options, Place place) {
        return switch (options.getUpstreamProtocolOptionsCase()) {
            case USE_DOWNSTREAM_PROTOCOL_CONFIG -> Version.AS_DOWNSTREAM;
            case AUTO_CONFIG -> Version.ALPN;
            case EXPLICIT_HTTP_CONFIG ->
                options.getExplicitHttpConfig().hasHttp2ProtocolOptions() ? Version.HTTP2 : Version.HTTP1;
            case UPSTREAMPROTOCOLOPTIONS_NOT_SET -> {
                place.refuse("needs explicit_http_config, use_downstream_protocol_config or auto_config");
                yield Version.HTTP1;
            }
        };
    }

    private static Http2Options http2(HttpProtocolOptions options, Place place) {
        return switch (options.getUpstreamProtocolOptionsCase()) {
            case USE_DOWNSTREAM_PROTOCOL_CONFIG ->
                Http2OptionsReader.read(
                        options.getUseDownstreamProtocolConfig().getHttp2ProtocolOptions(),
                        place.in("use_downstream_protocol_config").in("http2_protocol_options"));
            case AUTO_CONFIG ->
                Http2OptionsReader.read(
                        options.getAutoConfig().getHttp2ProtocolOptions(),
                        place.in("auto_config").in("http2_protocol_options"));
            default ->
                Http2OptionsReader.read(
                        options.getExplicitHttpConfig().getHttp2ProtocolOptions(),
                        place.in("explicit_http_config").in("http2_protocol_options"));
        };
    }

    // What stands in the cluster itself is the old way to say the same; an extension overrules it.

    @SuppressWarnings("deprecation")
    private static Http2ProtocolOptions oldHttp2(Cluster cluster) {
        return cluster.getHttp2ProtocolOptions();
    }

    @SuppressWarnings("deprecation")
    private static boolean oldHas2(Cluster cluster) {
        return cluster.hasHttp2ProtocolOptions();
    }

    @SuppressWarnings("deprecation")
    private static io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions oldCommon(Cluster cluster) {
        return cluster.getCommonHttpProtocolOptions();
    }

    @SuppressWarnings("deprecation")
    private static int oldRequests(Cluster cluster) {
        return cluster.hasMaxRequestsPerConnection() ? Amounts.limit(cluster.getMaxRequestsPerConnection()) : 0;
    }
}
