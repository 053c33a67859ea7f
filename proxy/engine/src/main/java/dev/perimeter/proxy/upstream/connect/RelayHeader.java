package dev.perimeter.proxy.upstream.connect;

import dev.perimeter.proxy.accept.ConnectionFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Says whose connection this is, in HAProxy's PROXY protocol
 * (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt).
 */
final class RelayHeader {

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    private RelayHeader() {}

    /** @param client null, or one of whom no addresses are known, for a connection of the proxy's own */
    static ByteBuf write(int version, @Nullable ConnectionFacts client, ByteBufAllocator allocator) {
        byte[] from = address(client == null ? null : client.remote());
        byte[] to = address(client == null ? null : client.local());
        boolean known = client != null && from.length > 0 && from.length == to.length;
        ByteBuf out = allocator.buffer(128);
        if (version == 1) {
            String line = known && client != null ? line(client, from.length == 4) : "PROXY UNKNOWN\r\n";
            out.writeCharSequence(line, StandardCharsets.US_ASCII);
            return out;
        }
        out.writeBytes(SIGNATURE);
        if (!known || client == null) {
            return out.writeByte(0x20).writeByte(0).writeShort(0);
        }
        out.writeByte(0x21).writeByte(from.length == 4 ? 0x11 : 0x21).writeShort(2 * from.length + 4);
        return out.writeBytes(from)
                .writeBytes(to)
                .writeShort(client.remote().getPort())
                .writeShort(client.local().getPort());
    }

    private static String line(ConnectionFacts client, boolean v4) {
        InetSocketAddress from = client.remote();
        InetSocketAddress to = client.local();
        return "PROXY " + (v4 ? "TCP4 " : "TCP6 ") + Addresses.host(from) + " " + Addresses.host(to) + " "
                + from.getPort() + " " + to.getPort() + "\r\n";
    }

    private static byte[] address(@Nullable InetSocketAddress address) {
        return address == null || address.getAddress() == null
                ? new byte[0]
                : address.getAddress().getAddress();
    }
}
