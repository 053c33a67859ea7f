package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/** Reads the fields after the last chunk, and drops those that would change what was said before it. */
final class TrailerReader extends HeadReader {

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
        return LateFields.strip(headers());
    }
}
