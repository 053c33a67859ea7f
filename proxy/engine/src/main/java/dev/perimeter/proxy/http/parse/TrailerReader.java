package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the fields after the last chunk, and drops those that would change what was said before it. */
final class TrailerReader extends HeadReader {

    /**
     * Fields for framing, routing, authentication and the meaning of the content must not come late: a receiver that
     * merges trailers into the headers would believe them (RFC 9110 section 6.5.1).
     */
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

    TrailerReader(int maxBytes, int maxFields) {
        super(maxBytes, maxFields);
    }

    @Override
    @Nullable
    Violation startLine(byte[] line, int start, int end) {
        throw new IllegalStateException("trailers have no start line");
    }

    @Override
    boolean hasStartLine() {
        return false;
    }

    @Override
    @Nullable
    Violation emptyFirstLine() {
        return null;
    }

    Headers finish() {
        Headers fields = headers();
        for (String name : FORBIDDEN) {
            fields.remove(name);
        }
        return fields;
    }
}
