package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Headers;

/**
 * Fields for framing, routing, authentication and the meaning of the content must not come late: a receiver that merges
 * trailers into the headers would believe them (RFC 9110 section 6.5.1).
 */
public final class LateFields {

    private static final String[] FORBIDDEN = {
        "content-length",
        "transfer-encoding",
        "host",
        "te",
        "trailer",
        "connection",
        "keep-alive",
        "proxy-connection",
        "upgrade",
        "expect",
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "content-encoding",
        "content-type",
        "content-range",
        "cache-control",
        "max-forwards",
        "range"
    };

    private LateFields() {}

    /** Drops those fields from trailers. */
    public static Headers strip(Headers trailers) {
        for (String name : FORBIDDEN) {
            trailers.remove(name);
        }
        return trailers;
    }
}
