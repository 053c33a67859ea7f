package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;

/** The names of the static table (RFC 7541 appendix A), looked up by hash without making a string. */
final class StaticTable {

    static final int AUTHORITY = 1;
    static final int METHOD_GET = 2;
    static final int METHOD_POST = 3;
    static final int PATH = 4;
    static final int SCHEME_HTTP = 6;
    static final int SCHEME_HTTPS = 7;
    static final int STATUS_200 = 8;

    private static final int FIRST_REGULAR = 15;

    private static final String[] REGULAR = {
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };

    private static final int MASK = 255;

    /** Position in {@link #REGULAR} plus one, at the name's hash or the first free place behind it. */
    private static final byte[] PLACES = places();

    private StaticTable() {}

    /** Index of the field's name, or 0. */
    static int name(Headers headers, int field) {
        int place = spread(headers.nameHash(field));
        for (int found = PLACES[place]; found != 0; found = PLACES[place]) {
            if (headers.isNamed(field, REGULAR[found - 1])) {
                return found - 1 + FIRST_REGULAR;
            }
            place = place + 1 & MASK;
        }
        return 0;
    }

    /** Index of the whole field {@code :status}, or 0. */
    static int status(int status) {
        return switch (status) {
            case 200 -> STATUS_200;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
    }

    private static byte[] places() {
        byte[] places = new byte[MASK + 1];
        for (int i = 0; i < REGULAR.length; i++) {
            int place = spread(Ascii.lowerHash(REGULAR[i]));
            while (places[place] != 0) {
                place = place + 1 & MASK;
            }
            places[place] = (byte) (i + 1);
        }
        return places;
    }

    private static int spread(int hash) {
        return (hash ^ hash >>> 8 ^ hash >>> 16) & MASK;
    }
}
