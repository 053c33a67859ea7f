package dev.perimeter.proxy.route;

import java.util.List;

/** The routes of a set of domains; a domain is compared with the authority as it was sent, port included. */
public record VirtualHost(String name, List<String> domains, List<Route> routes) {}
