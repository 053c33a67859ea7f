package dev.perimeter.proxy.differential;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What a request means, whatever it looks like on the wire.
 *
 * @param fields in lower case, sorted by name, without those that belong to one hop or that a proxy adds
 */
record Message(String method, String target, String host, List<String> fields, String body, List<String> trailers) {

    private static final Set<String> OF_A_HOP = Set.of(
            "host",
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "content-length",
            "te",
            "trailer",
            "upgrade",
            "http2-settings",
            "expect",
            "via",
            "x-forwarded-for",
            "x-forwarded-proto",
            "x-request-id");

    /** A target in absolute form says by itself which host is meant (RFC 9112 section 3.2.2). */
    Message {
        if (target.startsWith("http://")) {
            int path = target.indexOf('/', 7);
            host = path < 0 ? target.substring(7) : target.substring(7, path);
            target = path < 0 ? "/" : target.substring(path);
        }
    }

    static boolean carried(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !OF_A_HOP.contains(lower) && !lower.startsWith("x-envoy-");
    }
}
