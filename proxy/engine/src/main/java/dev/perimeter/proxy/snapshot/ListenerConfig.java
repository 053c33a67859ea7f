package dev.perimeter.proxy.snapshot;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a proxy listens, and what it does with each connection.
 *
 * @param sockets where connections come from
 * @param filters what is found out about a connection before a chain is chosen
 * @param chains the chain whose match fits best takes a connection
 * @param defaultChain takes those that fit none; without it they are closed
 */
public record ListenerConfig(
        String name,
        Sockets sockets,
        ListenerFilters filters,
        List<FilterChainConfig> chains,
        @Nullable FilterChainConfig defaultChain) {

    /** A listener on one address that does the same with all connections. */
    public ListenerConfig(String name, InetSocketAddress address, ConnectionHandling handling) {
        this(name, Sockets.at(address), ListenerFilters.NONE, List.of(FilterChainConfig.forAll(handling)), null);
    }

    /** The main address; for an internal listener one that nobody can reach. */
    public InetSocketAddress address() {
        return sockets.addresses().getFirst();
    }

    /** All chains, the default one last. */
    public Stream<FilterChainConfig> allChains() {
        return defaultChain == null ? chains.stream() : Stream.concat(chains.stream(), Stream.of(defaultChain));
    }

    /** An HTTP connection manager or a TCP proxy. */
    public sealed interface ConnectionHandling permits HttpManagerConfig, TcpProxyConfig {}

    /**
     * @param addresses the main one and then the additional ones
     * @param internal true when connections come from within this proxy alone (Envoy: internal_listener): there is no socket
     * @param backlog connections that may wait to be accepted (tcp_backlog_size); in force when a socket is opened
     */
    public record Sockets(List<InetSocketAddress> addresses, boolean internal, int backlog) {

        public static final int BACKLOG = 4096;

        public static Sockets at(InetSocketAddress address) {
            return new Sockets(List.of(address), false, BACKLOG);
        }

        public static Sockets inside() {
            return new Sockets(List.of(InetSocketAddress.createUnresolved("internal", 0)), true, BACKLOG);
        }
    }
}
