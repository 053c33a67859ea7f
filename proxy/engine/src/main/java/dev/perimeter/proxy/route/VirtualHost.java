package dev.perimeter.proxy.route;

import java.util.List;

/** The routes of a set of host names; a domain may carry a port, which then must equal the request's. */
public record VirtualHost(String name, List<String> domains, List<Route> routes) {}
