package dev.perimeter.proxy.xds.resource.listener;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.ConnectionLimit;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig.ConnectionHandling;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.FilterCatalogue;
import dev.perimeter.proxy.xds.resource.http.HttpManagerReader;
import dev.perimeter.proxy.xds.resource.tls.TransportSocketReader;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A filter chain: which connections, in what transport, and what is done with them. */
final class FilterChainReader {

    private static final FieldList FILTER =
            FieldList.of(Filter::getDescriptor).honoured(Filter.NAME_FIELD_NUMBER, Filter.TYPED_CONFIG_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(FilterChain::getDescriptor)
            .honoured(FilterChain.NAME_FIELD_NUMBER, FilterChain.TRANSPORT_SOCKET_CONNECT_TIMEOUT_FIELD_NUMBER)
            .inside(FilterChain.FILTER_CHAIN_MATCH_FIELD_NUMBER, FilterChainMatchReader.FIELDS)
            .inside(FilterChain.FILTERS_FIELD_NUMBER, FILTER)
            .inside(FilterChain.TRANSPORT_SOCKET_FIELD_NUMBER, TransportSocketReader.FIELDS)
            .harmless(FilterChain.METADATA_FIELD_NUMBER);

    /** Envoy has no bound unless one is set; a client that never ends its handshake shall not stay for ever. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(15);

    private final HttpManagerReader http;

    FilterChainReader(FilterCatalogue filters) {
        http = new HttpManagerReader(filters);
    }

    @Nullable
    FilterChainConfig read(FilterChain chain, Place place) {
        int last = chain.getFiltersCount() - 1;
        if (last < 0) {
            place.in("filters").refuse("must not be empty; the last is the HTTP connection manager or tcp_proxy");
            return null;
        }
        ConnectionLimit limit = null;
        for (int i = 0; i < last; i++) {
            Place here = place.in("filters", i).in("typed_config");
            if (limit != null) {
                here.refuse("there is a connection_limit before");
            }
            limit = ConnectionLimitReader.read(chain.getFilters(i), here);
        }
        ConnectionHandling handling =
                handling(chain.getFilters(last), place.in("filters", last).in("typed_config"));
        if (handling == null) {
            return null;
        }
        Duration timeout = chain.hasTransportSocketConnectTimeout()
                ? Amounts.notNegative(
                        chain.getTransportSocketConnectTimeout(), place.in("transport_socket_connect_timeout"))
                : HANDSHAKE;
        return new FilterChainConfig(
                chain.getName(),
                FilterChainMatchReader.read(chain.getFilterChainMatch(), place.in("filter_chain_match")),
                chain.hasTransportSocket()
                        ? TransportSocketReader.downstream(chain.getTransportSocket(), place.in("transport_socket"))
                        : DownstreamTransport.PLAIN,
                timeout,
                handling,
                limit,
                fingerprint(chain));
    }

    /** Tells later whether a chain changed, without keeping it. */
    private static String fingerprint(FilterChain chain) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain.toByteArray());
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private @Nullable ConnectionHandling handling(Filter filter, Place place) {
        String type = filter.getTypedConfig().getTypeUrl();
        return switch (type) {
            case HttpManagerReader.TYPE_URL -> http.read(filter.getTypedConfig(), place);
            case TcpProxyReader.TYPE_URL -> TcpProxyReader.read(filter.getTypedConfig(), place);
            default -> {
                place.refuse("no network filter here reads `" + type + "`; known are " + HttpManagerReader.TYPE_URL
                        + " and " + TcpProxyReader.TYPE_URL + " as the last, and before it "
                        + ConnectionLimitReader.TYPE_URL);
                yield null;
            }
        };
    }
}
