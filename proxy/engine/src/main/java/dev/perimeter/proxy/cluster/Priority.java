package dev.perimeter.proxy.cluster;

/** How urgent the requests of a route are: each priority has circuit breakers of its own (Envoy: RoutingPriority). */
public enum Priority {
    DEFAULT,
    HIGH
}
