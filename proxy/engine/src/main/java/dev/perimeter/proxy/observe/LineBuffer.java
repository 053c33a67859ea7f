package dev.perimeter.proxy.observe;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * Bytes of log lines as they are put together: UTF-8, JSON strings escaped as RFC 8259 section 7 asks. Belongs to one
 * event loop. Bytes and not a StringBuilder, since every request passes here and most of what it writes is ASCII.
 */
public final class LineBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

    private static final boolean[] PLAIN = plain();

    private byte[] bytes;
    private int size;
    private long second = Long.MIN_VALUE;
    private byte[] secondText = new byte[0];

    public LineBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** Gives away what was written and starts anew. */
    byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    void raw(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, bytes, size, ascii.length);
        size += ascii.length;
    }

    /** As it is. */
    void text(String text) {
        raw(text.getBytes(StandardCharsets.UTF_8));
    }

    void raw(char ascii) {
        room(1);
        bytes[size++] = (byte) ascii;
    }

    void number(long value) {
        if (value < 0) {
            raw(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
            return;
        }
        int digits = 1;
        for (long v = value; v >= 10; v /= 10) {
            digits++;
        }
        room(digits);
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    /** A moment as {@code 2026-01-31T12:00:00.123Z}, without quotes; the second is written once and remembered. */
    void timestamp(long millis) {
        long now = Math.floorDiv(millis, 1000L);
        if (now != second) {
            second = now;
            secondText = SECOND.format(Instant.ofEpochSecond(now)).getBytes(StandardCharsets.US_ASCII);
        }
        raw(secondText);
        int fraction = (int) Math.floorMod(millis, 1000L);
        room(4);
        bytes[size++] = (byte) ('0' + fraction / 100);
        bytes[size++] = (byte) ('0' + fraction / 10 % 10);
        bytes[size++] = (byte) ('0' + fraction % 10);
        bytes[size++] = 'Z';
    }

    /** The inside of a JSON string. */
    void escaped(String text) {
        int length = text.length();
        room(length * 6);
        byte[] to = bytes;
        int at = size;
        int i = 0;
        // Nearly every text is plain from end to end, and this loop has nothing else to think of.
        while (i < length) {
            char c = text.charAt(i);
            if (c >= PLAIN.length || !PLAIN[c]) {
                break;
            }
            to[at++] = (byte) c;
            i++;
        }
        size = at;
        if (i < length) {
            escapedFrom(text, i);
        }
    }

    private void escapedFrom(String text, int first) {
        int length = text.length();
        for (int i = first; i < length; i++) {
            char c = text.charAt(i);
            if (c < PLAIN.length && PLAIN[c]) {
                bytes[size++] = (byte) c;
            } else if (c < 0x80) {
                escape(c);
            } else if (Character.isHighSurrogate(c) && i + 1 < length && Character.isLowSurrogate(text.charAt(i + 1))) {
                raw(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
                i++;
            } else {
                raw(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private void escape(char c) {
        room(6);
        bytes[size++] = '\\';
        if (c == '"' || c == '\\') {
            bytes[size++] = (byte) c;
            return;
        }
        bytes[size++] = 'u';
        bytes[size++] = '0';
        bytes[size++] = '0';
        bytes[size++] = HEX[c >> 4];
        bytes[size++] = HEX[c & 15];
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    private static boolean[] plain() {
        boolean[] plain = new boolean[0x7f];
        Arrays.fill(plain, 0x20, 0x7f, true);
        plain['"'] = false;
        plain['\\'] = false;
        return plain;
    }
}
