package dev.perimeter.shop.order.trace;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The headers that tie the calls of one order together.
 *
 * @param requestId {@code x-request-id}; made here when the caller sent none
 * @param traceparent <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>, only if the caller sent it
 * @param tracestate the same; it means nothing without {@code traceparent}
 */
public record Trace(
        String requestId,
        @Nullable String traceparent,
        @Nullable String tracestate) {

    /** Printable ASCII: what may go into a header again, and what a column has room for. */
    private static final Pattern SHORT = Pattern.compile("[\\x20-\\x7e]{1,200}");

    private static final Pattern LONG = Pattern.compile("[\\x20-\\x7e]{1,512}");

    /** Reads the headers of a request. One that could not be passed on as it is counts as not sent. */
    public static Trace of(HttpServletRequest request) {
        var requestId = matching(SHORT, request.getHeader("x-request-id"));
        var traceparent = matching(SHORT, request.getHeader("traceparent"));
        return new Trace(
                requestId == null ? UUID.randomUUID().toString() : requestId,
                traceparent,
                traceparent == null ? null : matching(LONG, request.getHeader("tracestate")));
    }

    /** The headers to send with a call, by lower-case name. */
    public Map<String, String> headers() {
        var headers = new LinkedHashMap<String, String>();
        headers.put("x-request-id", requestId);
        if (traceparent != null) {
            headers.put("traceparent", traceparent);
        }
        if (tracestate != null) {
            headers.put("tracestate", tracestate);
        }
        return headers;
    }

    private static @Nullable String matching(Pattern pattern, @Nullable String value) {
        return value != null && pattern.matcher(value).matches() ? value : null;
    }
}
