package dev.perimeter.proxy.xds.resource;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import java.time.Duration;
import java.util.Map;

/** How a cluster is spoken to: HTTP/1.1, with a bound on idle connections. */
final class UpstreamProtocolReader {

    /** Envoy's default. */
    private static final Duration IDLE_TIMEOUT = Duration.ofHours(1);

    private static final String EXTENSION = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private static final FieldList COMMON = FieldList.of(
                    io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions::getDescriptor)
            .honoured(io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.IDLE_TIMEOUT_FIELD_NUMBER);

    private static final FieldList EXPLICIT = FieldList.of(ExplicitHttpConfig::getDescriptor)
            .inside(
                    ExplicitHttpConfig.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER,
                    FieldList.of(Http1ProtocolOptions::getDescriptor)
                            .harmless(Http1ProtocolOptions.ENABLE_TRAILERS_FIELD_NUMBER));

    static final FieldList FIELDS = FieldList.of(HttpProtocolOptions::getDescriptor)
            .inside(HttpProtocolOptions.COMMON_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, COMMON)
            .inside(HttpProtocolOptions.EXPLICIT_HTTP_CONFIG_FIELD_NUMBER, EXPLICIT);

    private UpstreamProtocolReader() {}

    static UpstreamProtocol read(Map<String, Any> extensions, Place cluster) {
        Duration idle = IDLE_TIMEOUT;
        for (Map.Entry<String, Any> extension : extensions.entrySet()) {
            Place place = cluster.in("typed_extension_protocol_options[" + extension.getKey() + "]");
            if (!extension.getValue().getTypeUrl().equals(Messages.typeUrl(EXTENSION))) {
                place.refuse("is not supported yet, only " + EXTENSION + " is");
                continue;
            }
            HttpProtocolOptions options =
                    Messages.read(extension.getValue(), HttpProtocolOptions.parser(), FIELDS, place);
            if (options != null && options.getCommonHttpProtocolOptions().hasIdleTimeout()) {
                idle = Amounts.notNegative(
                        options.getCommonHttpProtocolOptions().getIdleTimeout(),
                        place.in("common_http_protocol_options").in("idle_timeout"));
            }
        }
        return UpstreamProtocol.http1(idle);
    }
}
