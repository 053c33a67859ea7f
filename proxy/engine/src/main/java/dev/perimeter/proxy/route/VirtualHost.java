package dev.perimeter.proxy.route;

import java.util.List;

/**
 * The routes of a set of domains; a domain is compared with the authority as it was sent, port included.
 *
 * @param requireTls whether requests that did not come by https are sent there by a redirect (Envoy: require_tls ALL)
 */
public record VirtualHost(String name, List<String> domains, List<Route> routes, boolean requireTls) {

    public VirtualHost(String name, List<String> domains, List<Route> routes) {
        this(name, domains, routes, false);
    }
}
