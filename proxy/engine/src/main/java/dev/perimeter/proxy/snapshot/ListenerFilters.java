package dev.perimeter.proxy.snapshot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is found out about a connection before its filter chain is chosen, in this order (Envoy: listener_filters).
 *
 * @param originalDestination where it was going before it was redirected here
 * @param proxyProtocol a load balancer in front tells in a header whose connection it is; null for no such header
 * @param tls whether it begins with a TLS client hello, and what that says of names and protocols
 * @param http whether it begins with a request of HTTP
 * @param timeout how long all this may take; zero means for ever
 * @param continueOnTimeout what was found out until then decides; otherwise the connection is closed
 */
public record ListenerFilters(
        boolean originalDestination,
        @Nullable ProxyProtocol proxyProtocol,
        boolean tls,
        boolean http,
        Duration timeout,
        boolean continueOnTimeout) {

    /** Envoy's default of listener_filters_timeout. */
    public static final Duration TIMEOUT = Duration.ofSeconds(15);

    public static final ListenerFilters NONE = new ListenerFilters(false, null, false, false, TIMEOUT, false);

    /** Looks for TLS and HTTP, and takes what is neither for something else when the wait is over. */
    public static ListenerFilters detecting(Duration timeout) {
        return new ListenerFilters(false, null, true, true, timeout, true);
    }

    /**
     * The header of HAProxy's PROXY protocol, version 1 or 2.
     *
     * @param optional connections without it are taken as they are
     * @param v1 whether version 1 is taken
     * @param v2 whether version 2 is taken
     */
    public record ProxyProtocol(boolean optional, boolean v1, boolean v2) {

        public static final ProxyProtocol REQUIRED = new ProxyProtocol(false, true, true);
    }
}
