package dev.perimeter.proxy.sidecar.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import org.jspecify.annotations.Nullable;

/** Where the admin pages are. Unlike Envoy's they may only be on loopback, or on a Unix socket. */
final class AdminAddress {

    private AdminAddress() {}

    /** Null when there are to be none. */
    static @Nullable SocketAddress read(Section root) {
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
        if (admin.optional("address").has("pipe")) {
            SocketAddress file = pipe(admin);
            admin.end();
            return file;
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

    private static SocketAddress pipe(Section admin) {
        Section address = admin.section("address");
        Section pipe = address.section("pipe");
        String path = pipe.text("path");
        pipe.end();
        address.end();
        try {
            return UnixDomainSocketAddress.of(path);
        } catch (InvalidPathException wrong) {
            pipe.refuse("path", "`" + path + "` is no path: " + wrong.getReason());
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }
    }
}
