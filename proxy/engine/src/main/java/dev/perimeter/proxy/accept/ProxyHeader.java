package dev.perimeter.proxy.accept;

import dev.perimeter.proxy.snapshot.ListenerFilters.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

/**
 * The header by which a relay tells whose connection it relays: HAProxy's PROXY protocol, versions 1 and 2
 * (https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt). Consumed when it is whole.
 */
final class ProxyHeader {

    private static final byte[] SIGNATURE_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SIGNATURE_2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

    /** Section 2.1: the longest line, with its end. */
    private static final int LONGEST_LINE = 107;

    private static final int FIXED_2 = 16;

    private ProxyHeader() {}

    static Opening read(ByteBuf bytes, ProxyProtocol config, ConnectionFacts facts) {
        Opening one = begins(bytes, SIGNATURE_1);
        Opening two = begins(bytes, SIGNATURE_2);
        if (one == Opening.YES) {
            return config.v1() ? line(bytes, facts) : Opening.BROKEN;
        }
        if (two == Opening.YES) {
            return config.v2() ? binary(bytes, facts) : Opening.BROKEN;
        }
        if (one == Opening.MORE || two == Opening.MORE) {
            return Opening.MORE;
        }
        return config.optional() ? Opening.NO : Opening.BROKEN;
    }

    private static Opening begins(ByteBuf bytes, byte[] signature) {
        int count = Math.min(bytes.readableBytes(), signature.length);
        for (int i = 0; i < count; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != signature[i]) {
                return Opening.NO;
            }
        }
        return count == signature.length ? Opening.YES : Opening.MORE;
    }

    private static Opening line(ByteBuf bytes, ConnectionFacts facts) {
        int start = bytes.readerIndex();
        int end = bytes.indexOf(start, Math.min(bytes.writerIndex(), start + LONGEST_LINE), (byte) '\n');
        if (end < 0) {
            return bytes.readableBytes() < LONGEST_LINE ? Opening.MORE : Opening.BROKEN;
        }
        if (bytes.getByte(end - 1) != '\r') {
            return Opening.BROKEN;
        }
        String[] parts = bytes.toString(start, end - 1 - start, StandardCharsets.US_ASCII)
                .split(" ", -1);
        bytes.readerIndex(end + 1);
        if (parts.length >= 2 && parts[1].equals("UNKNOWN")) {
            return Opening.YES;
        }
        boolean known = parts.length == 6 && (parts[1].equals("TCP4") || parts[1].equals("TCP6"));
        if (!known) {
            return Opening.BROKEN;
        }
        try {
            facts.relayedFor(address(parts[2], parts[4], parts[1]), address(parts[3], parts[5], parts[1]));
            return Opening.YES;
        } catch (IllegalArgumentException wrong) {
            return Opening.BROKEN;
        }
    }

    private static InetSocketAddress address(String host, String port, String family) {
        InetAddress address = InetAddress.ofLiteral(host);
        if (address.getAddress().length == 4 != family.equals("TCP4") || port.isEmpty() || port.length() > 5) {
            throw new IllegalArgumentException(host);
        }
        return new InetSocketAddress(address, Integer.parseInt(port));
    }

    private static Opening binary(ByteBuf bytes, ConnectionFacts facts) {
        if (bytes.readableBytes() < FIXED_2) {
            return Opening.MORE;
        }
        int start = bytes.readerIndex();
        int command = bytes.getUnsignedByte(start + 12);
        int family = bytes.getUnsignedByte(start + 13);
        int length = bytes.getUnsignedShort(start + 14);
        if (command != 0x20 && command != 0x21) {
            return Opening.BROKEN;
        }
        if (bytes.readableBytes() < FIXED_2 + length) {
            return Opening.MORE;
        }
        bytes.skipBytes(FIXED_2 + length);
        if (command == 0x20 || family == 0) {
            // The relay speaks for itself, e.g. to see whether we are alive.
            return Opening.YES;
        }
        int size = family == 0x11 ? 4 : family == 0x21 ? 16 : 0;
        if (size == 0 || length < 2 * size + 4) {
            return Opening.BROKEN;
        }
        int at = start + FIXED_2;
        facts.relayedFor(
                new InetSocketAddress(address(bytes, at, size), bytes.getUnsignedShort(at + 2 * size)),
                new InetSocketAddress(address(bytes, at + size, size), bytes.getUnsignedShort(at + 2 * size + 2)));
        return Opening.YES;
    }

    private static InetAddress address(ByteBuf bytes, int at, int size) {
        byte[] address = new byte[size];
        bytes.getBytes(at, address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of " + size + " bytes", impossible);
        }
    }
}
