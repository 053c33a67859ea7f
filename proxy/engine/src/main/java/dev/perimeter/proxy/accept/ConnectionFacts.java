package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.FilterChainMatch;
import dev.perimeter.proxy.tls.TlsConnection;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an accepted connection before its bytes have a meaning. Kept on the channel for all who ask later;
 * belongs to the channel's event loop.
 */
public final class ConnectionFacts {

    private static final AttributeKey<ConnectionFacts> KEY = AttributeKey.valueOf(ConnectionFacts.class, "facts");
    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("-", 0);

    private final InetSocketAddress directRemote;
    private InetSocketAddress remote;
    private InetSocketAddress local;
    private boolean restored;
    private String transportProtocol = FilterChainMatch.RAW_BUFFER;
    private List<String> applicationProtocols = List.of();
    private @Nullable String serverName;
    private @Nullable TlsConnection tls;

    public ConnectionFacts(InetSocketAddress remote, InetSocketAddress local) {
        this.directRemote = remote;
        this.remote = remote;
        this.local = local;
    }

    /** The facts of this channel; at first those of its socket. */
    public static ConnectionFacts of(Channel channel) {
        ConnectionFacts known = channel.attr(KEY).get();
        if (known == null) {
            known = new ConnectionFacts(inet(channel.remoteAddress()), inet(channel.localAddress()));
            channel.attr(KEY).set(known);
        }
        return known;
    }

    private static InetSocketAddress inet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : NOWHERE;
    }

    /** The other end of the socket. */
    public InetSocketAddress directRemote() {
        return directRemote;
    }

    /** The client, as far as one can know. */
    public InetSocketAddress remote() {
        return remote;
    }

    /** Where the client wanted to go. */
    public InetSocketAddress local() {
        return local;
    }

    /** Whether {@link #local} is not that of the socket: the connection was redirected here, or came through a relay. */
    public boolean restored() {
        return restored;
    }

    /** The bytes were redirected here on their way to this address. */
    public void redirected(InetSocketAddress destination) {
        local = destination;
        restored = true;
    }

    /** A relay in front says whose connection this is. */
    public void relayedFor(InetSocketAddress client, InetSocketAddress destination) {
        remote = client;
        local = destination;
        restored = true;
    }

    /** It begins with a client hello. */
    public void tls(@Nullable String name, List<String> protocols) {
        transportProtocol = FilterChainMatch.TLS;
        serverName = name;
        applicationProtocols = protocols;
    }

    /** Its plain bytes begin like this protocol. */
    public void application(String protocol) {
        applicationProtocols = List.of(protocol);
    }

    /** Its TLS ended here, and this is what the handshake found out. */
    public void secured(TlsConnection connection) {
        tls = connection;
        if (connection.serverName() != null) {
            serverName = connection.serverName();
        }
    }

    /** Null for a connection whose TLS, if it has any, does not end here. */
    public @Nullable TlsConnection tls() {
        return tls;
    }

    public String transportProtocol() {
        return transportProtocol;
    }

    public List<String> applicationProtocols() {
        return applicationProtocols;
    }

    /** The name the client asked for (SNI), in lower case; null when it named none or was not asked yet. */
    public @Nullable String serverName() {
        return serverName;
    }

    /** Whether the client is on this machine: by its address, or since both ends have the same. */
    boolean isLocal() {
        InetAddress client = remote.getAddress();
        return client != null && (client.isLoopbackAddress() || client.equals(local.getAddress()));
    }
}
