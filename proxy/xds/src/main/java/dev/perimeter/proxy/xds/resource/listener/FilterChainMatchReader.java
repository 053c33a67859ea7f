package dev.perimeter.proxy.xds.resource.listener;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.snapshot.FilterChainMatch.SourceType;
import dev.perimeter.proxy.xds.resource.field.AddressRanges;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Place;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Which connections a filter chain takes. */
final class FilterChainMatchReader {

    static final FieldList FIELDS = FieldList.of(io.envoyproxy.envoy.config.listener.v3.FilterChainMatch::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.DESTINATION_PORT_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.SOURCE_TYPE_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.SOURCE_PORTS_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.SERVER_NAMES_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.TRANSPORT_PROTOCOL_FIELD_NUMBER,
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.APPLICATION_PROTOCOLS_FIELD_NUMBER)
            .inside(
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.PREFIX_RANGES_FIELD_NUMBER,
                    AddressRanges.FIELDS)
            .inside(
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.DIRECT_SOURCE_PREFIX_RANGES_FIELD_NUMBER,
                    AddressRanges.FIELDS)
            .inside(
                    io.envoyproxy.envoy.config.listener.v3.FilterChainMatch.SOURCE_PREFIX_RANGES_FIELD_NUMBER,
                    AddressRanges.FIELDS);

    private FilterChainMatchReader() {}

    static FilterChainMatch read(io.envoyproxy.envoy.config.listener.v3.FilterChainMatch match, Place place) {
        return new FilterChainMatch(
                match.hasDestinationPort()
                        ? Amounts.between(1, 65_535, match.getDestinationPort(), place.in("destination_port"))
                        : 0,
                AddressRanges.read(match.getPrefixRangesList(), "prefix_ranges", place),
                names(match.getServerNamesList(), place),
                transport(match.getTransportProtocol(), place),
                Set.copyOf(match.getApplicationProtocolsList()),
                AddressRanges.read(match.getDirectSourcePrefixRangesList(), "direct_source_prefix_ranges", place),
                switch (match.getSourceType()) {
                    case ANY -> SourceType.ANY;
                    case SAME_IP_OR_LOOPBACK -> SourceType.SAME_IP_OR_LOOPBACK;
                    case EXTERNAL -> SourceType.EXTERNAL;
                    case UNRECOGNIZED -> {
                        place.in("source_type").refuse(match.getSourceTypeValue() + " is not a source type");
                        yield SourceType.ANY;
                    }
                },
                AddressRanges.read(match.getSourcePrefixRangesList(), "source_prefix_ranges", place),
                ports(match.getSourcePortsList(), place));
    }

    private static Set<Integer> ports(List<Integer> ports, Place place) {
        Set<Integer> read = new TreeSet<>();
        for (int i = 0; i < ports.size(); i++) {
            read.add(Amounts.between(1, 65_535, ports.get(i), place.in("source_ports", i)));
        }
        return Set.copyOf(read);
    }

    private static Set<String> names(List<String> names, Place place) {
        Set<String> read = new TreeSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).toLowerCase(Locale.ROOT);
            boolean suffix = name.startsWith("*.");
            if (name.isEmpty() || name.indexOf('*', suffix ? 1 : 0) >= 0) {
                place.in("server_names", i)
                        .refuse("`" + name + "` must be a name, or one whose first label is a *, as in *.example.com");
            }
            read.add(suffix ? name.substring(1) : name);
        }
        return Set.copyOf(read);
    }

    private static String transport(String transport, Place place) {
        if (!transport.isEmpty()
                && !transport.equals(FilterChainMatch.TLS)
                && !transport.equals(FilterChainMatch.RAW_BUFFER)) {
            place.in("transport_protocol")
                    .refuse("`" + transport + "` is not known here; known are tls and raw_buffer");
        }
        return transport;
    }
}
