package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;

/** {@code uri-host [ ":" port ]} of RFC 9110 section 7.2; user information and an empty host are refused. */
public final class Authority {

    private static final int MAX_PORT = 65535;

    private Authority() {}

    public static boolean isValid(String text) {
        int end = hostEnd(text);
        return end > 0 && (end == text.length() || text.charAt(end) == ':' && isPort(text, end + 1));
    }

    public static boolean hasPort(String text) {
        int end = hostEnd(text);
        return end > 0 && end + 1 < text.length();
    }

    /** Index after the host, or 0 when there is none. */
    private static int hostEnd(String text) {
        if (text.startsWith("[")) {
            return literalEnd(text);
        }
        int i = 0;
        while (i < text.length() && isHostChar(text, i)) {
            i++;
        }
        return i;
    }

    private static int literalEnd(String text) {
        int close = text.indexOf(']');
        for (int i = 1; i < close; i++) {
            char c = text.charAt(i);
            if (c != ':' && c != '.' && (c > 0x7f || !Ascii.isHexDigit((byte) c))) {
                return 0;
            }
        }
        return close < 3 ? 0 : close + 1;
    }

    private static boolean isHostChar(String text, int i) {
        char c = text.charAt(i);
        if (c == '%') {
            return i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
        }
        return c <= 0x7f && Ascii.isHostChar((byte) c);
    }

    private static boolean isHex(char c) {
        return c <= 0x7f && Ascii.isHexDigit((byte) c);
    }

    /** An empty port is allowed by RFC 3986 section 3.2.3, but two readers may take it for two ports: refused. */
    private static boolean isPort(String text, int from) {
        int port = 0;
        for (int i = from; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || port > MAX_PORT) {
                return false;
            }
            port = port * 10 + digit;
        }
        return from < text.length() && port <= MAX_PORT;
    }
}
