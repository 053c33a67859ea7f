package dev.perimeter.proxy.route;

import java.util.List;

/**
 * An immutable table of virtual hosts that answers one question: which route does this request take. Rules: Envoy's
 * RouteConfiguration (host: exact, then {@code *.suffix} by length, then {@code prefix.*} by length, then {@code *};
 * within a host the first route that matches).
 */
public record RouteTable(
        String name,
        List<VirtualHost> virtualHosts,
        List<HeaderEdit> requestHeaders,
        List<HeaderEdit> responseHeaders,
        Options options) {

    public RouteTable(
            String name,
            List<VirtualHost> virtualHosts,
            List<HeaderEdit> requestHeaders,
            List<HeaderEdit> responseHeaders,
            boolean ignorePort) {
        this(name, virtualHosts, requestHeaders, responseHeaders, new Options(ignorePort, false, false, List.of()));
    }

    /**
     * @param ignorePort whether the port of a request's authority is left out before its host is looked for; a domain
     *     with a port then takes nothing
     * @param ignoreParameters whether the path is compared only up to its first semicolon (Envoy:
     *     ignore_path_parameters_in_path_matching)
     * @param specificWins whether the header edits of cluster, route, host and table are made in the opposite order, so
     *     that the most specific has the last word (Envoy: most_specific_header_mutations_wins)
     * @param internalHeaders that a client at the edge may not send (Envoy: internal_only_headers)
     */
    public record Options(
            boolean ignorePort, boolean ignoreParameters, boolean specificWins, List<String> internalHeaders) {}
}
