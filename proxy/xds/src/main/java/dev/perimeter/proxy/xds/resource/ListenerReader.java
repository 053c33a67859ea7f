package dev.perimeter.proxy.xds.resource;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig.ConnectionHandling;
import dev.perimeter.proxy.xds.resource.field.Addresses;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.FilterCatalogue;
import dev.perimeter.proxy.xds.resource.http.HttpManagerReader;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import org.jspecify.annotations.Nullable;

/** Listeners: an address, and the one filter chain that takes all its connections. */
final class ListenerReader {

    private static final FieldList FILTER =
            FieldList.of(Filter::getDescriptor).honoured(Filter.NAME_FIELD_NUMBER, Filter.TYPED_CONFIG_FIELD_NUMBER);

    private static final FieldList CHAIN = FieldList.of(FilterChain::getDescriptor)
            .inside(FilterChain.FILTERS_FIELD_NUMBER, FILTER)
            .harmless(FilterChain.NAME_FIELD_NUMBER, FilterChain.METADATA_FIELD_NUMBER);

    static final FieldList FIELDS = FieldList.of(Listener::getDescriptor)
            .honoured(Listener.NAME_FIELD_NUMBER)
            .inside(Listener.ADDRESS_FIELD_NUMBER, Addresses.FIELDS)
            .inside(Listener.FILTER_CHAINS_FIELD_NUMBER, CHAIN)
            // Names and directions for people; buffers and ports the engine manages itself.
            .harmless(
                    Listener.STAT_PREFIX_FIELD_NUMBER,
                    Listener.METADATA_FIELD_NUMBER,
                    Listener.TRAFFIC_DIRECTION_FIELD_NUMBER,
                    Listener.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER,
                    Listener.ENABLE_REUSE_PORT_FIELD_NUMBER)
            .refused(
                    Listener.API_LISTENER_FIELD_NUMBER,
                    "is for clients without a proxy, who ask for it by name; a proxy needs an address");

    private final HttpManagerReader http;

    ListenerReader(FilterCatalogue filters) {
        http = new HttpManagerReader(filters);
    }

    @Nullable
    ListenerConfig read(Listener listener, Place place) {
        var address = Addresses.local(listener.getAddress(), place.in("address"));
        if (listener.getFilterChainsCount() != 1) {
            place.in("filter_chains")
                    .refuse("must be exactly one, but there are " + listener.getFilterChainsCount()
                            + "; more are not supported yet");
            return null;
        }
        Place chain = place.in("filter_chains", 0);
        if (listener.getFilterChains(0).getFiltersCount() != 1) {
            chain.in("filters").refuse("must be exactly one: the HTTP connection manager or tcp_proxy");
            return null;
        }
        ConnectionHandling handling = handling(
                listener.getFilterChains(0).getFilters(0),
                chain.in("filters", 0).in("typed_config"));
        return handling == null ? null : new ListenerConfig(listener.getName(), address, handling);
    }

    private @Nullable ConnectionHandling handling(Filter filter, Place place) {
        String type = filter.getTypedConfig().getTypeUrl();
        return switch (type) {
            case HttpManagerReader.TYPE_URL -> http.read(filter.getTypedConfig(), place);
            case TcpProxyReader.TYPE_URL -> TcpProxyReader.read(filter.getTypedConfig(), place);
            default -> {
                place.refuse("no network filter here reads `" + type + "`; known are " + HttpManagerReader.TYPE_URL
                        + " and " + TcpProxyReader.TYPE_URL);
                yield null;
            }
        };
    }
}
