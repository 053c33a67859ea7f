package dev.perimeter.proxy.xds.resource.listener;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.accept.ChainIndex;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig.Sockets;
import dev.perimeter.proxy.xds.resource.field.Addresses;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.resource.http.FilterCatalogue;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Listeners: where connections come from, and the filter chains that take them. */
public final class ListenerReader {

    private static final FieldList ADDITIONAL = FieldList.of(AdditionalAddress::getDescriptor)
            .inside(AdditionalAddress.ADDRESS_FIELD_NUMBER, Addresses.FIELDS);

    public static final FieldList FIELDS = FieldList.of(Listener::getDescriptor)
            .honoured(
                    Listener.NAME_FIELD_NUMBER,
                    Listener.LISTENER_FILTERS_TIMEOUT_FIELD_NUMBER,
                    Listener.CONTINUE_ON_LISTENER_FILTERS_TIMEOUT_FIELD_NUMBER,
                    Listener.TCP_BACKLOG_SIZE_FIELD_NUMBER,
                    Listener.BIND_TO_PORT_FIELD_NUMBER)
            .inside(Listener.ADDRESS_FIELD_NUMBER, Addresses.FIELDS)
            .inside(Listener.ADDITIONAL_ADDRESSES_FIELD_NUMBER, ADDITIONAL)
            .inside(Listener.FILTER_CHAINS_FIELD_NUMBER, FilterChainReader.FIELDS)
            .inside(Listener.DEFAULT_FILTER_CHAIN_FIELD_NUMBER, FilterChainReader.FIELDS)
            .inside(Listener.LISTENER_FILTERS_FIELD_NUMBER, ListenerFiltersReader.FIELDS)
            .inside(
                    Listener.INTERNAL_LISTENER_FIELD_NUMBER,
                    FieldList.of(Listener.InternalListenerConfig::getDescriptor))
            // Names and directions for people; buffers, ports and loops the engine manages itself; draining happens
            // only
            // when a listener changes.
            .harmless(
                    Listener.STAT_PREFIX_FIELD_NUMBER,
                    Listener.METADATA_FIELD_NUMBER,
                    Listener.TRAFFIC_DIRECTION_FIELD_NUMBER,
                    Listener.PER_CONNECTION_BUFFER_LIMIT_BYTES_FIELD_NUMBER,
                    Listener.ENABLE_REUSE_PORT_FIELD_NUMBER,
                    Listener.CONNECTION_BALANCE_CONFIG_FIELD_NUMBER,
                    Listener.MAX_CONNECTIONS_TO_ACCEPT_PER_SOCKET_EVENT_FIELD_NUMBER,
                    Listener.TCP_FAST_OPEN_QUEUE_LENGTH_FIELD_NUMBER,
                    Listener.DRAIN_TYPE_FIELD_NUMBER)
            .refused(
                    Listener.USE_ORIGINAL_DST_FIELD_NUMBER,
                    "connections are not handed to another listener; use the original_dst listener filter and chains by"
                            + " destination_port")
            .refused(
                    Listener.API_LISTENER_FIELD_NUMBER,
                    "is for clients without a proxy, who ask for it by name; a proxy needs an address");

    private final FilterChainReader chains;

    public ListenerReader(FilterCatalogue filters) {
        chains = new FilterChainReader(filters);
    }

    /** The listener, or null when it was refused. */
    public @Nullable ListenerConfig read(Listener listener, Place place) {
        Sockets sockets = sockets(listener, place);
        List<@Nullable FilterChainConfig> read = new ArrayList<>(listener.getFilterChainsCount());
        for (int i = 0; i < listener.getFilterChainsCount(); i++) {
            read.add(chains.read(listener.getFilterChains(i), place.in("filter_chains", i)));
        }
        FilterChainConfig others = null;
        if (listener.hasDefaultFilterChain()) {
            if (listener.getDefaultFilterChain().hasFilterChainMatch()) {
                place.in("default_filter_chain")
                        .in("filter_chain_match")
                        .refuse("the default chain takes what is left");
            }
            others = chains.read(listener.getDefaultFilterChain(), place.in("default_filter_chain"));
        } else if (read.isEmpty()) {
            place.in("filter_chains").refuse("must not be empty without a default_filter_chain");
        }
        if (place.refused()) {
            return null;
        }
        List<FilterChainConfig> all = read.stream().map(Objects::requireNonNull).toList();
        List<FilterChainMatch> matches =
                all.stream().map(FilterChainConfig::match).toList();
        String ambiguous = ChainIndex.of(matches).problem();
        if (ambiguous != null) {
            place.refuse(ambiguous);
        }
        return new ListenerConfig(
                listener.getName(), sockets, ListenerFiltersReader.read(listener, matches, place), all, others);
    }

    private static Sockets sockets(Listener listener, Place place) {
        if (listener.hasInternalListener()) {
            if (listener.hasAddress() || listener.getAdditionalAddressesCount() > 0) {
                place.in("address").refuse("does not go with internal_listener; remove it");
            }
            return Sockets.inside();
        }
        if (listener.hasBindToPort() && !listener.getBindToPort().getValue()) {
            place.in("bind_to_port").refuse("must not be false: no connection would ever come; remove the listener");
        }
        Set<InetSocketAddress> addresses = new LinkedHashSet<>();
        addresses.add(Addresses.local(listener.getAddress(), place.in("address")));
        for (int i = 0; i < listener.getAdditionalAddressesCount(); i++) {
            Place here = place.in("additional_addresses", i).in("address");
            if (!addresses.add(
                    Addresses.local(listener.getAdditionalAddresses(i).getAddress(), here))) {
                here.refuse("stands twice");
            }
        }
        int backlog = listener.hasTcpBacklogSize()
                ? Amounts.between(1, 65_535, listener.getTcpBacklogSize(), place.in("tcp_backlog_size"))
                : Sockets.BACKLOG;
        return new Sockets(List.copyOf(addresses), false, backlog);
    }
}
