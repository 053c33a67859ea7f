package dev.perimeter.proxy.snapshot;

import java.util.List;
import java.util.Set;

/**
 * Which connections a filter chain takes; each criterion is Envoy's of the same name, and one that is empty fits all.
 *
 * @param destinationPort 0 fits all
 * @param serverNames lower-case names, or suffixes that begin with a dot (Envoy writes {@code *.example.com})
 * @param transportProtocol {@code tls} or {@code raw_buffer}; empty fits both
 * @param applicationProtocols as in ALPN, and {@code http/1.0}, {@code http/1.1}, {@code h2c} for what a look at plain bytes found
 * @param directSourceRanges of the other end of the socket
 * @param sourceRanges of the client, which a PROXY header may have named
 */
public record FilterChainMatch(
        int destinationPort,
        List<AddressRange> prefixRanges,
        Set<String> serverNames,
        String transportProtocol,
        Set<String> applicationProtocols,
        List<AddressRange> directSourceRanges,
        SourceType sourceType,
        List<AddressRange> sourceRanges,
        Set<Integer> sourcePorts) {

    public static final String TLS = "tls";
    public static final String RAW_BUFFER = "raw_buffer";

    public static final FilterChainMatch ANY =
            new FilterChainMatch(0, List.of(), Set.of(), "", Set.of(), List.of(), SourceType.ANY, List.of(), Set.of());

    public enum SourceType {
        ANY,
        SAME_IP_OR_LOOPBACK,
        EXTERNAL
    }

    /** This with other names. */
    public FilterChainMatch withServerNames(String... names) {
        return new FilterChainMatch(
                destinationPort,
                prefixRanges,
                Set.of(names),
                transportProtocol,
                applicationProtocols,
                directSourceRanges,
                sourceType,
                sourceRanges,
                sourcePorts);
    }

    /** This with another transport and other application protocols. */
    public FilterChainMatch withProtocols(String transport, String... applications) {
        return new FilterChainMatch(
                destinationPort,
                prefixRanges,
                serverNames,
                transport,
                Set.of(applications),
                directSourceRanges,
                sourceType,
                sourceRanges,
                sourcePorts);
    }

    /** This for one port alone. */
    public FilterChainMatch withDestinationPort(int port) {
        return new FilterChainMatch(
                port,
                prefixRanges,
                serverNames,
                transportProtocol,
                applicationProtocols,
                directSourceRanges,
                sourceType,
                sourceRanges,
                sourcePorts);
    }
}
