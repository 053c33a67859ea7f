package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Ascii;

/** The characters of a field in HTTP/2 (RFC 9113 section 8.2.1, and RFC 9110 section 5 where that is stricter). */
final class FieldSyntax {

    private FieldSyntax() {}

    /** A token without upper case. */
    static boolean isName(byte[] b, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!Ascii.isTokenChar(b[i]) || b[i] >= 'A' && b[i] <= 'Z') {
                return false;
            }
        }
        return end > start;
    }

    /** No control character but the tab, and no whitespace at either end. */
    static boolean isValue(byte[] b, int start, int end) {
        for (int i = start; i < end; i++) {
            byte c = b[i];
            if (c >= 0 && c < ' ' && c != '\t' || c == 0x7f) {
                return false;
            }
        }
        return end == start || !isSpace(b[start]) && !isSpace(b[end - 1]);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}
