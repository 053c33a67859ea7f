package dev.perimeter.proxy.sidecar.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The address field of the bootstrap's own parts. */
final class SocketAddresses {

    private SocketAddresses() {}

    /**
     * @param holder of the field {@code address}
     * @param names whether a name may stand there, to be looked up when it is used
     */
    static InetSocketAddress read(Section holder, int leastPort, boolean names) {
        Section address = holder.section("address");
        Section socket = address.section("socket_address");
        String protocol = socket.text("protocol", "TCP");
        if (!protocol.equals("TCP")) {
            socket.refuse("protocol", "must be TCP");
        }
        String ip = socket.text("address");
        int port = socket.number("port_value", leastPort, 65_535);
        socket.end();
        address.end();
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
        } catch (IllegalArgumentException notLiteral) {
            if (names) {
                return InetSocketAddress.createUnresolved(ip, port);
            }
            socket.refuse("address", "`" + ip + "` is not an IP address; names are not resolved here");
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }
    }
}
