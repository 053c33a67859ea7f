package dev.perimeter.proxy.snapshot;

import java.net.InetSocketAddress;

/** One address a proxy listens on, and what it does with a connection. */
public record ListenerConfig(String name, InetSocketAddress address, ConnectionHandling handling) {

    /** An HTTP connection manager or a TCP proxy; one filter chain a listener for now. */
    public sealed interface ConnectionHandling permits HttpManagerConfig, TcpProxyConfig {}
}
