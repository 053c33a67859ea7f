package dev.perimeter.proxy.sidecar.bootstrap;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Where the admin pages are. Unlike Envoy's they may only be on loopback. */
final class AdminAddress {

    private AdminAddress() {}

    /** Null when there are to be none. */
    static @Nullable InetSocketAddress read(Section root) {
        if (!root.has("admin")) {
            return null;
        }
        Section admin = root.section("admin");
        // The pages keep no log, and profiles are taken by the JDK's own means.
        admin.harmless("access_log", "access_log_path", "profile_path", "ignore_global_conn_limit");
        if (!admin.has("address")) {
            admin.end();
            return null;
        }
        InetSocketAddress address = SocketAddresses.read(admin, 0, false);
        if (!address.getAddress().isLoopbackAddress()) {
            admin.refuse(
                    "address.socket_address.address",
                    "`" + address.getAddress().getHostAddress()
                            + "` is not a loopback address; whoever reaches the admin pages can drain the proxy");
        }
        admin.end();
        return address;
    }
}
