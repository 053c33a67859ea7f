package dev.perimeter.proxy.route;

import java.util.List;

/**
 * An immutable table of virtual hosts that answers one question: which route does this request take. Rules: Envoy's
 * RouteConfiguration (host: exact, then {@code *.suffix} by length, then {@code prefix.*} by length, then {@code *};
 * within a host the first route that matches).
 *
 * @param ignorePort whether the port of a request's authority is left out before its host is looked for; a domain with a
 *     port then takes nothing
 */
public record RouteTable(
        String name,
        List<VirtualHost> virtualHosts,
        List<HeaderEdit> requestHeaders,
        List<HeaderEdit> responseHeaders,
        boolean ignorePort) {}
