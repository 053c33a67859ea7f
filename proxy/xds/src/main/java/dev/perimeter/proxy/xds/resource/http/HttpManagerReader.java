package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpLimits.Underscores;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpProtocols.Codec;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.HttpTimeouts;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.RouteSource;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.ConfigSources;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.connection.AccessLogReader;
import dev.perimeter.proxy.xds.resource.http.connection.EdgeBehaviourReader;
import dev.perimeter.proxy.xds.resource.http.connection.LocalReplyReader;
import dev.perimeter.proxy.xds.resource.http.connection.RequestCleaningReader;
import dev.perimeter.proxy.xds.resource.http.connection.UpgradeReader;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Envoy's HTTP connection manager. */
public final class HttpManagerReader {

    public static final String TYPE_URL =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private static final FieldList RDS = FieldList.of(Rds::getDescriptor)
            .honoured(Rds.ROUTE_CONFIG_NAME_FIELD_NUMBER)
            .inside(Rds.CONFIG_SOURCE_FIELD_NUMBER, ConfigSources.FIELDS);

    private static final FieldList COMMON = FieldList.of(HttpProtocolOptions::getDescriptor)
            .honoured(
                    HttpProtocolOptions.IDLE_TIMEOUT_FIELD_NUMBER,
                    HttpProtocolOptions.MAX_STREAM_DURATION_FIELD_NUMBER,
                    HttpProtocolOptions.MAX_HEADERS_COUNT_FIELD_NUMBER,
                    HttpProtocolOptions.MAX_CONNECTION_DURATION_FIELD_NUMBER,
                    HttpProtocolOptions.MAX_REQUESTS_PER_CONNECTION_FIELD_NUMBER,
                    HttpProtocolOptions.HEADERS_WITH_UNDERSCORES_ACTION_FIELD_NUMBER);

    private static final FieldList HTTP1 = FieldList.of(Http1ProtocolOptions::getDescriptor)
            .honoured(Http1ProtocolOptions.ALLOW_ABSOLUTE_URL_FIELD_NUMBER)
            .inside(Http1ProtocolOptions.IGNORE_HTTP_11_UPGRADE_FIELD_NUMBER, ValueMatchReader.STRING)
            // Trailers always pass.
            .harmless(Http1ProtocolOptions.ENABLE_TRAILERS_FIELD_NUMBER);

    public static final FieldList FIELDS = RequestCleaningReader.honoured(
                    EdgeBehaviourReader.honoured(FieldList.of(HttpConnectionManager::getDescriptor)))
            .honoured(
                    HttpConnectionManager.CODEC_TYPE_FIELD_NUMBER,
                    HttpConnectionManager.STAT_PREFIX_FIELD_NUMBER,
                    HttpConnectionManager.MAX_REQUEST_HEADERS_KB_FIELD_NUMBER,
                    HttpConnectionManager.STREAM_IDLE_TIMEOUT_FIELD_NUMBER,
                    HttpConnectionManager.REQUEST_TIMEOUT_FIELD_NUMBER,
                    HttpConnectionManager.REQUEST_HEADERS_TIMEOUT_FIELD_NUMBER,
                    HttpConnectionManager.DRAIN_TIMEOUT_FIELD_NUMBER)
            .inside(HttpConnectionManager.RDS_FIELD_NUMBER, RDS)
            .inside(HttpConnectionManager.ROUTE_CONFIG_FIELD_NUMBER, RouteTableReader.FIELDS)
            .inside(HttpConnectionManager.HTTP_FILTERS_FIELD_NUMBER, FilterCatalogue.FIELDS)
            .inside(HttpConnectionManager.COMMON_HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, COMMON)
            .inside(HttpConnectionManager.HTTP_PROTOCOL_OPTIONS_FIELD_NUMBER, HTTP1)
            .inside(HttpConnectionManager.HTTP2_PROTOCOL_OPTIONS_FIELD_NUMBER, Http2OptionsReader.FIELDS)
            .inside(HttpConnectionManager.UPGRADE_CONFIGS_FIELD_NUMBER, UpgradeReader.OF_MANAGER)
            .inside(HttpConnectionManager.ACCESS_LOG_FIELD_NUMBER, AccessLogReader.FIELDS)
            .inside(HttpConnectionManager.LOCAL_REPLY_CONFIG_FIELD_NUMBER, LocalReplyReader.FIELDS)
            // How long a refused connection may linger is the codec's own business.
            .harmless(HttpConnectionManager.DELAYED_CLOSE_TIMEOUT_FIELD_NUMBER);

    private final FilterCatalogue filters;
    private final RouteTableReader tables;

    public HttpManagerReader(FilterCatalogue filters) {
        this.filters = filters;
        tables = new RouteTableReader(filters);
    }

    public @Nullable HttpManagerConfig read(Any config, Place place) {
        HttpConnectionManager manager = Messages.read(config, HttpConnectionManager.parser(), FIELDS, place);
        if (manager == null) {
            return null;
        }
        return new HttpManagerConfig(
                manager.getStatPrefix(),
                routes(manager, place),
                filters.chain(manager.getHttpFiltersList(), place),
                limits(manager, place),
                timeouts(manager, place),
                EdgeBehaviourReader.read(manager, place),
                LocalReplyReader.read(manager.getLocalReplyConfig(), place.in("local_reply_config")),
                AccessLogReader.read(manager.getAccessLogList(), place),
                protocols(manager, place),
                RequestCleaningReader.read(manager, place));
    }

    private RouteSource routes(HttpConnectionManager manager, Place place) {
        return switch (manager.getRouteSpecifierCase()) {
            case RDS -> {
                Place rds = place.in("rds");
                String table = Names.required(manager.getRds().getRouteConfigName(), rds.in("route_config_name"));
                yield new RouteSource.Named(ConfigSources.reference(
                                ResourceType.ROUTE_TABLE,
                                table,
                                manager.getRds().getConfigSource(),
                                rds.in("config_source"))
                        .key());
            }
            case ROUTE_CONFIG -> new RouteSource.Inline(inline(manager.getRouteConfig(), place.in("route_config")));
            default -> {
                place.refuse("needs rds or route_config");
                yield new RouteSource.Inline(tables.read(RouteConfiguration.getDefaultInstance(), place));
            }
        };
    }

    /** Envoy: a table inside a listener is checked against the known clusters unless it says that it is not to be. */
    private RouteTable inline(RouteConfiguration table, Place place) {
        boolean checked =
                !table.hasValidateClusters() || table.getValidateClusters().getValue();
        return tables.read(table, checked ? place : place.withoutRequiredClusters());
    }

    private static HttpLimits limits(HttpConnectionManager manager, Place place) {
        HttpProtocolOptions common = manager.getCommonHttpProtocolOptions();
        return new HttpLimits(
                manager.hasMaxRequestHeadersKb()
                        ? 1024
                                * Amounts.between(
                                        1, 8192, manager.getMaxRequestHeadersKb(), place.in("max_request_headers_kb"))
                        : HttpLimits.DEFAULTS.maxHeaderBytes(),
                common.hasMaxHeadersCount()
                        ? Amounts.between(
                                1,
                                10_000,
                                common.getMaxHeadersCount(),
                                place.in("common_http_protocol_options").in("max_headers_count"))
                        : HttpLimits.DEFAULTS.maxHeaderCount(),
                Amounts.limit(common.getMaxRequestsPerConnection()),
                underscores(common, place.in("common_http_protocol_options")));
    }

    private static Underscores underscores(HttpProtocolOptions common, Place place) {
        return switch (common.getHeadersWithUnderscoresAction()) {
            case ALLOW -> Underscores.ALLOW;
            case REJECT_REQUEST -> Underscores.REJECT_REQUEST;
            case DROP_HEADER -> Underscores.DROP_HEADER;
            case UNRECOGNIZED -> {
                place.in("headers_with_underscores_action").refuse("is not known");
                yield Underscores.REJECT_REQUEST;
            }
        };
    }

    private static HttpTimeouts timeouts(HttpConnectionManager manager, Place place) {
        HttpTimeouts defaults = HttpTimeouts.DEFAULTS;
        HttpProtocolOptions common = manager.getCommonHttpProtocolOptions();
        Place commonPlace = place.in("common_http_protocol_options");
        return new HttpTimeouts(
                or(
                        defaults.requestHeaders(),
                        manager.hasRequestHeadersTimeout(),
                        manager.getRequestHeadersTimeout(),
                        place.in("request_headers_timeout")),
                or(
                        defaults.request(),
                        manager.hasRequestTimeout(),
                        manager.getRequestTimeout(),
                        place.in("request_timeout")),
                or(
                        defaults.streamIdle(),
                        manager.hasStreamIdleTimeout(),
                        manager.getStreamIdleTimeout(),
                        place.in("stream_idle_timeout")),
                or(
                        defaults.connectionIdle(),
                        common.hasIdleTimeout(),
                        common.getIdleTimeout(),
                        commonPlace.in("idle_timeout")),
                or(defaults.drain(), manager.hasDrainTimeout(), manager.getDrainTimeout(), place.in("drain_timeout")),
                or(
                        defaults.maxStream(),
                        common.hasMaxStreamDuration(),
                        common.getMaxStreamDuration(),
                        commonPlace.in("max_stream_duration")),
                or(
                        defaults.maxConnection(),
                        common.hasMaxConnectionDuration(),
                        common.getMaxConnectionDuration(),
                        commonPlace.in("max_connection_duration")));
    }

    private static Duration or(Duration unset, boolean set, com.google.protobuf.Duration value, Place place) {
        return set ? Amounts.notNegative(value, place) : unset;
    }

    private static HttpProtocols protocols(HttpConnectionManager manager, Place place) {
        Http1ProtocolOptions http1 = manager.getHttpProtocolOptions();
        boolean absolute =
                !http1.hasAllowAbsoluteUrl() || http1.getAllowAbsoluteUrl().getValue();
        UpgradeReader.Upgrades upgrades = UpgradeReader.ofManager(manager.getUpgradeConfigsList(), place);
        return new HttpProtocols(
                codec(manager, place.in("codec_type")),
                absolute,
                upgrades.connect(),
                upgrades.allowed(),
                ValueMatchReader.strings(
                        http1.getIgnoreHttp11UpgradeList(),
                        place.in("http_protocol_options"),
                        "ignore_http_11_upgrade"),
                Http2OptionsReader.read(manager.getHttp2ProtocolOptions(), place.in("http2_protocol_options")));
    }

    private static Codec codec(HttpConnectionManager manager, Place place) {
        return switch (manager.getCodecType()) {
            case AUTO -> Codec.AUTO;
            case HTTP1 -> Codec.HTTP1;
            case HTTP2 -> Codec.HTTP2;
            case HTTP3, UNRECOGNIZED -> {
                place.refuse(manager.getCodecType() + " is not supported, only AUTO, HTTP1 and HTTP2 are");
                yield Codec.AUTO;
            }
        };
    }
}
