package dev.perimeter.proxy.xds.resource.listener;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerFilters;
import dev.perimeter.proxy.snapshot.ListenerFilters.ProxyProtocol;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.http_inspector.v3.HttpInspector;
import io.envoyproxy.envoy.extensions.filters.listener.original_dst.v3.OriginalDst;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is found out about a connection before its chain is chosen. */
final class ListenerFiltersReader {

    private static final String PACKAGE = "type.googleapis.com/envoy.extensions.filters.listener.";
    private static final String TLS = PACKAGE + "tls_inspector.v3.TlsInspector";
    private static final String HTTP = PACKAGE + "http_inspector.v3.HttpInspector";
    private static final String PROXY = PACKAGE + "proxy_protocol.v3.ProxyProtocol";
    private static final String ORIGINAL = PACKAGE + "original_dst.v3.OriginalDst";

    static final FieldList FIELDS = FieldList.of(ListenerFilter::getDescriptor)
            .honoured(ListenerFilter.NAME_FIELD_NUMBER, ListenerFilter.TYPED_CONFIG_FIELD_NUMBER)
            .refused(
                    ListenerFilter.FILTER_DISABLED_FIELD_NUMBER,
                    "is not needed: nothing is waited for on ports where no chain asks what the bytes are; remove it");

    static final FieldList TLS_INSPECTOR =
            FieldList.of(TlsInspector::getDescriptor).harmless(TlsInspector.INITIAL_READ_BUFFER_SIZE_FIELD_NUMBER);

    static final FieldList PROXY_PROTOCOL = FieldList.of(
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                            .ALLOW_REQUESTS_WITHOUT_PROXY_PROTOCOL_FIELD_NUMBER,
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                            .DISALLOWED_VERSIONS_FIELD_NUMBER)
            .harmless(
                    io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol
                            .STAT_PREFIX_FIELD_NUMBER);

    private static final FieldList EMPTY_HTTP = FieldList.of(HttpInspector::getDescriptor);
    private static final FieldList EMPTY_ORIGINAL = FieldList.of(OriginalDst::getDescriptor);

    private boolean original;
    private boolean tls;
    private boolean http;
    private @Nullable ProxyProtocol proxy;

    private ListenerFiltersReader() {}

    static ListenerFilters read(Listener listener, List<FilterChainMatch> matches, Place place) {
        ListenerFiltersReader reader = new ListenerFiltersReader();
        for (int i = 0; i < listener.getListenerFiltersCount(); i++) {
            reader.filter(
                    listener.getListenerFilters(i).getTypedConfig(),
                    place.in("listener_filters", i).in("typed_config"));
        }
        // Envoy adds the inspector, too, that its matches need.
        for (FilterChainMatch match : matches) {
            reader.tls |= !match.serverNames().isEmpty()
                    || !match.transportProtocol().isEmpty()
                    || !match.applicationProtocols().isEmpty();
        }
        Duration timeout = listener.hasListenerFiltersTimeout()
                ? Amounts.notNegative(listener.getListenerFiltersTimeout(), place.in("listener_filters_timeout"))
                : ListenerFilters.TIMEOUT;
        return new ListenerFilters(
                reader.original,
                reader.proxy,
                reader.tls,
                reader.http,
                timeout,
                listener.getContinueOnListenerFiltersTimeout());
    }

    private void filter(Any config, Place place) {
        switch (config.getTypeUrl()) {
            case ORIGINAL -> {
                original = true;
                Messages.read(config, OriginalDst.parser(), EMPTY_ORIGINAL, place);
            }
            case PROXY -> {
                if (tls || http) {
                    place.refuse("must stand before the inspectors: its header comes first on the wire");
                }
                proxy = proxy(config, place);
            }
            case TLS -> {
                tls = true;
                Messages.read(config, TlsInspector.parser(), TLS_INSPECTOR, place);
            }
            case HTTP -> {
                http = true;
                Messages.read(config, HttpInspector.parser(), EMPTY_HTTP, place);
            }
            default ->
                place.refuse("no listener filter here reads `" + config.getTypeUrl() + "`; known are "
                        + List.of(TLS, HTTP, PROXY, ORIGINAL));
        }
    }

    private static @Nullable ProxyProtocol proxy(Any config, Place place) {
        var read = Messages.read(
                config,
                io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol.parser(),
                PROXY_PROTOCOL,
                place);
        if (read == null) {
            return null;
        }
        List<ProxyProtocolConfig.Version> disallowed = read.getDisallowedVersionsList();
        boolean v1 = !disallowed.contains(ProxyProtocolConfig.Version.V1);
        boolean v2 = !disallowed.contains(ProxyProtocolConfig.Version.V2);
        if (!v1 && !v2) {
            place.in("disallowed_versions").refuse("must leave one version");
        }
        return new ProxyProtocol(read.getAllowRequestsWithoutProxyProtocol(), v1, v2);
    }
}
