package dev.perimeter.proxy.snapshot;

import java.net.InetAddress;

/**
 * All addresses that begin alike.
 *
 * @param prefixLength number of bits that count, 0 to 32 or 128
 */
public record AddressRange(InetAddress address, int prefixLength) {

    public boolean contains(InetAddress candidate) {
        byte[] wanted = address.getAddress();
        byte[] given = candidate.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        int whole = prefixLength / 8;
        for (int i = 0; i < whole; i++) {
            if (wanted[i] != given[i]) {
                return false;
            }
        }
        int rest = prefixLength % 8;
        return rest == 0 || sameHead(wanted[whole], given[whole], rest);
    }

    private static boolean sameHead(byte one, byte other, int bits) {
        int mask = 0xff << (8 - bits) & 0xff;
        return (one & mask) == (other & mask);
    }
}
