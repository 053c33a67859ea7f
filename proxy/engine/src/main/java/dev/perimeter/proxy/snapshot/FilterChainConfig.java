package dev.perimeter.proxy.snapshot;

import dev.perimeter.proxy.snapshot.ListenerConfig.ConnectionHandling;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the connections that match.
 *
 * @param name may be empty; chains of one listener with equal names are not told apart
 * @param transport what the bytes come in
 * @param transportTimeout bound on the handshake of the transport (transport_socket_connect_timeout); zero means none
 * @param limit how many at once, or null
 * @param source what this was read from: chains of equal source are the same, whatever their parsed values say
 */
public record FilterChainConfig(
        String name,
        FilterChainMatch match,
        DownstreamTransport transport,
        Duration transportTimeout,
        ConnectionHandling handling,
        @Nullable ConnectionLimit limit,
        Object source) {

    public FilterChainConfig(
            String name,
            FilterChainMatch match,
            DownstreamTransport transport,
            Duration transportTimeout,
            ConnectionHandling handling,
            Object source) {
        this(name, match, transport, transportTimeout, handling, null, source);
    }

    /** A chain that takes every connection as it is. */
    public static FilterChainConfig forAll(ConnectionHandling handling) {
        return new FilterChainConfig(
                "", FilterChainMatch.ANY, DownstreamTransport.PLAIN, Duration.ZERO, handling, handling);
    }

    /** Whether nothing changed for those who are connected. */
    public boolean same(FilterChainConfig other) {
        return source.equals(other.source);
    }
}
