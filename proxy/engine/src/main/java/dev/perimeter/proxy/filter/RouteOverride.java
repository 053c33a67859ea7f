package dev.perimeter.proxy.filter;

/** What one level of the routing (route table, virtual host, route, weighted cluster) says of a filter. Immutable. */
@FunctionalInterface
public interface RouteOverride {

    /** @param before the filter as the chain and the levels outside this one have it */
    FilterFactory apply(FilterFactory before);
}
