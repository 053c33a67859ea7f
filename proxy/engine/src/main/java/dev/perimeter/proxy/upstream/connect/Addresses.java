package dev.perimeter.proxy.upstream.connect;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Socket addresses as logs and headers show them, without asking any name service. */
public final class Addresses {

    private Addresses() {}

    /** {@code 127.0.0.1:80} or {@code [::1]:80}; a dash when the socket has none any more. */
    public static String text(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "-";
        }
        String host = host(inet);
        return (inet.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + inet.getPort();
    }

    /** The bare address in its shortest form (RFC 5952), without brackets and zone. */
    public static String host(InetSocketAddress address) {
        return address.getAddress() == null ? address.getHostString() : NetUtil.toAddressString(address.getAddress());
    }
}
