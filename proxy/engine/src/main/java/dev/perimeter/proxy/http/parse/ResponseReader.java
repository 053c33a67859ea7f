package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the heads of the responses of one connection, interim ones included. */
public final class ResponseReader extends HeadReader {

    private static final int VERSION_AND_STATUS = "HTTP/1.1 200".length();

    private final MessageFraming framing = new MessageFraming();
    private boolean http10;
    private int status;
    private String reason = "";
    private @Nullable Violation failure;

    public ResponseReader(int maxBytes, int maxFields) {
        super(maxBytes, maxFields);
    }

    @Override
    @Nullable
    Violation startLine(byte[] b, int start, int end) {
        int length = end - start;
        if (length < VERSION_AND_STATUS
                || !new String(b, start, 7, StandardCharsets.ISO_8859_1).equals("HTTP/1.")
                || b[start + 7] != '1' && b[start + 7] != '0'
                || b[start + 8] != ' '
                || b[start + 9] == '0') {
            return Violation.STATUS_LINE;
        }
        status = 0;
        for (int i = start + 9; i < start + VERSION_AND_STATUS; i++) {
            if (!Ascii.isDigit(b[i])) {
                return Violation.STATUS_LINE;
            }
            status = status * 10 + b[i] - '0';
        }
        // The space before an empty reason is often left out; nothing depends on it.
        if (length > VERSION_AND_STATUS && b[start + VERSION_AND_STATUS] != ' ') {
            return Violation.STATUS_LINE;
        }
        http10 = b[start + 7] == '0';
        reason = status == 200 && length == VERSION_AND_STATUS + 3
                ? "OK"
                : new String(
                        b,
                        Math.min(end, start + VERSION_AND_STATUS + 1),
                        Math.max(0, length - VERSION_AND_STATUS - 1),
                        StandardCharsets.ISO_8859_1);
        return null;
    }

    @Override
    boolean hasStartLine() {
        return true;
    }

    @Override
    Violation emptyFirstLine() {
        return Violation.STATUS_LINE;
    }

    /** How the body of the response just read is delimited. */
    public MessageFraming framing() {
        return framing;
    }

    /** Whether the upstream is willing to take another request after this response. */
    public boolean keepAlive() {
        return http10 ? framing.keepAlive() && !framing.close() : !framing.close();
    }

    /** The head with what belongs to the connection taken out, or null when {@link #failure} says why not. */
    public @Nullable ResponseHead finish() {
        Headers headers = headers();
        failure = framing.settle(headers, http10, false);
        return failure == null ? new ResponseHead(status, reason, headers) : null;
    }

    /** Why {@link #finish} had no head. */
    public @Nullable Violation failure() {
        return failure;
    }
}
