package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;

/** Path and query of a request target (RFC 9112 section 3.2.1), the same for every version of HTTP. */
public final class PathSyntax {

    private PathSyntax() {}

    /** Whether each character may stand where it does; a percent sign needs two hex digits in the path. */
    public static boolean isValid(byte[] b, int start, int end) {
        boolean query = false;
        for (int i = start; i < end; i++) {
            if (b[i] == '?') {
                query = true;
            } else if (!(query ? Ascii.isQueryChar(b[i]) : Ascii.isPathChar(b[i]))
                    || b[i] == '%' && !query && !escaped(b, i, end)) {
                return false;
            }
        }
        return true;
    }

    private static boolean escaped(byte[] b, int percent, int end) {
        return percent + 2 < end && Ascii.isHexDigit(b[percent + 1]) && Ascii.isHexDigit(b[percent + 2]);
    }
}
