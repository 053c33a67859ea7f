package dev.perimeter.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** The character classes of HTTP (RFC 9110 section 5.6.2, RFC 3986 section 2) as a table, and comparison without case. */
public final class Ascii {

    private static final int TOKEN = 1;
    private static final int PATH = 2;
    private static final int QUERY = 4;
    private static final int HOST = 8;
    private static final int DIGIT = 16;
    private static final int HEX = 32;

    private static final int[] CLASS = classes();

    private Ascii() {}

    /** A character of a method or field name (RFC 9110 section 5.6.2). */
    public static boolean isTokenChar(byte b) {
        return (CLASS[b & 0xff] & TOKEN) != 0;
    }

    /** A pchar or slash (RFC 3986 section 3.3); a percent sign needs two hex digits after it, which the caller checks. */
    public static boolean isPathChar(byte b) {
        return (CLASS[b & 0xff] & PATH) != 0;
    }

    /** A query character; wider than RFC 3986 section 3.4 by the brackets, braces and bars that clients send unescaped. */
    public static boolean isQueryChar(byte b) {
        return (CLASS[b & 0xff] & QUERY) != 0;
    }

    /** A character of a registered name (RFC 3986 section 3.2.2). */
    public static boolean isHostChar(byte b) {
        return (CLASS[b & 0xff] & HOST) != 0;
    }

    public static boolean isDigit(byte b) {
        return (CLASS[b & 0xff] & DIGIT) != 0;
    }

    public static boolean isHexDigit(byte b) {
        return (CLASS[b & 0xff] & HEX) != 0;
    }

    public static boolean isToken(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f || !isTokenChar((byte) text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether {@code bytes} at {@code start} read {@code text}, without case; {@code text} is ASCII, the range exists. */
    public static boolean equalsIgnoreCase(byte[] bytes, int start, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[start + i]) != lower((byte) text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes a value that came from configuration or a filter. A control character in it would start a new line on the
     * wire (RFC 9110 section 5.5: replace by SP), so it becomes a space.
     */
    static void writeFieldValue(ByteBuf out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' && c != '\t' || c == 0x7f || c > 0xff) {
                writeCleaned(out, value);
                return;
            }
        }
        ByteBufUtil.writeAscii(out, value);
    }

    private static void writeCleaned(ByteBuf out, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.writeByte(c < ' ' && c != '\t' || c == 0x7f ? ' ' : c > 0xff ? '?' : c);
        }
    }

    static int lowerHash(byte[] bytes, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + lower(bytes[i]);
        }
        return hash;
    }

    /** The same number as for the bytes of {@code text}. */
    public static int lowerHash(CharSequence text) {
        int hash = 0;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + lower((byte) text.charAt(i));
        }
        return hash;
    }

    static void writeLower(ByteBuf out, byte[] bytes, int start, int end) {
        int upper = start;
        while (upper < end && (bytes[upper] < 'A' || bytes[upper] > 'Z')) {
            upper++;
        }
        // What came by HTTP/2 has no upper case, and goes on as it is.
        out.writeBytes(bytes, start, upper - start);
        for (int i = upper; i < end; i++) {
            out.writeByte(lower(bytes[i]));
        }
    }

    static void writeLower(ByteBuf out, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            out.writeByte(lower((byte) text.charAt(i)));
        }
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    private static int[] classes() {
        int[] table = new int[256];
        for (int c = 0x21; c < 0x7f; c++) {
            table[c] |= QUERY;
        }
        mark(table, "#\"<>", ~QUERY, false);
        String unreserved = "-._~";
        String subDelims = "!$&'()*+,;=";
        mark(table, "0123456789", TOKEN | PATH | HOST | DIGIT | HEX, true);
        mark(table, "abcdefABCDEF", HEX, true);
        for (char c = 'a'; c <= 'z'; c++) {
            table[c] |= TOKEN | PATH | HOST;
            table[c - 0x20] |= TOKEN | PATH | HOST;
        }
        mark(table, "!#$%&'*+-.^_`|~", TOKEN, true);
        mark(table, unreserved + subDelims, PATH | HOST, true);
        mark(table, "/:@%", PATH, true);
        return table;
    }

    private static void mark(int[] table, String characters, int classes, boolean add) {
        for (int i = 0; i < characters.length(); i++) {
            int c = characters.charAt(i);
            table[c] = add ? table[c] | classes : table[c] & classes;
        }
    }
}
