package dev.perimeter.proxy.sidecar.admin.socket;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Under which names the admin pages answer. A web page can make a browser ask any address by a name of its own (DNS
 * rebinding), loopback too, and read the answer; the browser then says that name. So only names and addresses of this
 * machine's loopback are answered, and the address that is listened on. No browser comes to a Unix socket.
 */
final class AdminHost {

    private AdminHost() {}

    /** @param host as the request has it, or null */
    static boolean isOurs(@Nullable String host, SocketAddress bound) {
        if (host == null || !(bound instanceof InetSocketAddress inet)) {
            return true;
        }
        String name = withoutPort(host).toLowerCase(Locale.ROOT);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        // Names below localhost are nobody's but this machine's (RFC 6761 section 6.3).
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        InetAddress address = literal(name);
        return address != null && (address.isLoopbackAddress() || address.equals(inet.getAddress()));
    }

    private static String withoutPort(String host) {
        int end = host.lastIndexOf(':');
        String name = end > host.lastIndexOf(']') ? host.substring(0, end) : host;
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    private static @Nullable InetAddress literal(String name) {
        boolean address = NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
        return address ? NetUtil.createInetAddressFromIpAddressString(name) : null;
    }
}
