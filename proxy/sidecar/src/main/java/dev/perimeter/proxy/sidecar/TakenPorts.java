package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.snapshot.ListenerConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the listeners of a bootstrap can be had, asked before anything is opened: as in Envoy a proxy that could not
 * serve what it was started for does not start. What comes from a control plane later is tried again instead.
 */
final class TakenPorts {

    private TakenPorts() {}

    /** A sentence about the first that cannot, or null. */
    static @Nullable String among(List<ListenerConfig> listeners) {
        for (ListenerConfig listener : listeners) {
            if (listener.sockets().internal()) {
                continue;
            }
            for (InetSocketAddress address : listener.sockets().addresses()) {
                String why = whyNot(address);
                if (why != null) {
                    return "listener '" + listener.name() + "': cannot listen on " + text(address) + ": " + why;
                }
            }
        }
        return null;
    }

    /** Bound and let go without listening, so that no client ever reaches it. */
    private static @Nullable String whyNot(InetSocketAddress address) {
        StandardProtocolFamily family = address.getAddress() instanceof Inet4Address
                ? StandardProtocolFamily.INET
                : StandardProtocolFamily.INET6;
        try (SocketChannel probe = SocketChannel.open(family)) {
            // What an earlier process left in TIME_WAIT is in nobody's way.
            probe.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(address);
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
