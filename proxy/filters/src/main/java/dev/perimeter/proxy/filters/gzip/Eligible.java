package dev.perimeter.proxy.filters.gzip;

import dev.perimeter.proxy.http.Headers;
import java.util.Locale;
import java.util.Set;

/**
 * Which messages of one direction are worth compressing.
 *
 * @param minLength in bytes, held against a length that is told beforehand
 * @param types media types in lower case, without parameters
 */
public record Eligible(boolean enabled, long minLength, Set<String> types) {

    /** Envoy's default: less gains nothing. */
    public static final int SHORTEST = 30;

    /** Envoy's defaults and what else they are called. */
    public static final Set<String> TYPES = Set.of(
            "application/ecmascript",
            "application/javascript",
            "application/json",
            "application/x-javascript",
            "application/x-json",
            "application/xhtml+xml",
            "application/xml",
            "image/svg+xml",
            "text/css",
            "text/ecmascript",
            "text/html",
            "text/javascript",
            "text/js",
            "text/jscript",
            "text/plain",
            "text/x-javascript",
            "text/x-js",
            "text/xml");

    public boolean takes(Headers headers) {
        if (!enabled || headers.contains("content-encoding")) {
            return false;
        }
        String length = headers.get("content-length");
        if (length != null && length.length() <= 18 && Long.parseLong(length) < minLength) {
            return false;
        }
        String type = headers.get("content-type");
        return (type == null || types.contains(mediaType(type))) && !says(headers, "cache-control", "no-transform");
    }

    /** Whether a list of directives or names holds one of these. */
    public static boolean says(Headers headers, String name, String directive) {
        for (int i = headers.indexOf(name, 0); i >= 0; i = headers.indexOf(name, i + 1)) {
            if (headers.value(i).toLowerCase(Locale.ROOT).contains(directive)) {
                return true;
            }
        }
        return false;
    }

    private static String mediaType(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }
}
