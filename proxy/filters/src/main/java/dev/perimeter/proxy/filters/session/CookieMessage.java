package dev.perimeter.proxy.filters.session;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is in a session's cookie: two fields on protobuf's wire, Envoy's {@code Cookie} of the stateful session. Written by hand,
 * since it is no configuration.
 *
 * @param address of the endpoint, with its port
 * @param expires in seconds since 1970; 0 for never
 */
record CookieMessage(String address, long expires) {

    /** Field number and wire type of a text of some length, and of a number. */
    private static final int ADDRESS = 1 << 3 | 2;

    private static final int EXPIRES = 2 << 3;

    byte[] bytes() {
        byte[] text = address.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 16);
        out.write(ADDRESS);
        number(text.length, out);
        out.writeBytes(text);
        if (expires != 0) {
            out.write(EXPIRES);
            number(expires, out);
        }
        return out.toByteArray();
    }

    /** Seven bits a byte, the lowest first. */
    private static void number(long value, ByteArrayOutputStream out) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** The message, or null for bytes that are none. */
    static @Nullable CookieMessage read(byte[] bytes) {
        String address = "";
        long expires = 0;
        int at = 0;
        while (at < bytes.length) {
            int tag = bytes[at++];
            long value = 0;
            int shift = 0;
            boolean more = true;
            while (more) {
                if (at == bytes.length || shift > 56) {
                    return null;
                }
                value |= (long) (bytes[at] & 0x7f) << shift;
                more = bytes[at++] < 0;
                shift += 7;
            }
            if (tag == EXPIRES) {
                expires = value;
            } else if (tag == ADDRESS && value <= bytes.length - at) {
                address = new String(bytes, at, (int) value, StandardCharsets.UTF_8);
                at += (int) value;
            } else {
                return null;
            }
        }
        return new CookieMessage(address, expires);
    }
}
