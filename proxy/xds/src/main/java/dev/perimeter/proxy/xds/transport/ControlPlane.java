package dev.perimeter.proxy.xds.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * A server to get resources from: a static cluster of the bootstrap.
 *
 * @param cluster its name there
 * @param addresses tried one after the other; unresolved ones are looked up at each attempt
 */
public record ControlPlane(String cluster, List<InetSocketAddress> addresses, Keepalive keepalive) {

    /**
     * How a dead control plane is noticed that has not said good-bye.
     *
     * @param interval between pings while nothing else comes; at least what the server permits
     * @param timeout for the answer to a ping
     */
    public record Keepalive(Duration interval, Duration timeout) {

        /** The shortest interval that gRPC servers permit unasked. */
        public static final Keepalive DEFAULT = new Keepalive(Duration.ofMinutes(5), Duration.ofSeconds(20));
    }

    public ControlPlane {
        addresses = List.copyOf(addresses);
    }

    /** Its first address, for sentences. */
    public String target() {
        return text(addresses.getFirst());
    }

    static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return host + ":" + address.getPort();
    }
}
