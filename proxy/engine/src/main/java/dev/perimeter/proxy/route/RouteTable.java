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
        List<HeaderEdit> responseHeaders) {}
