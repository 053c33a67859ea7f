package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects a start line and header fields from received bytes, however they are cut into packets.
 *
 * <p>Implementation note. Bytes are copied once, in small steps, into an array and judged strictly from left to right:
 * a verdict depends only on the bytes up to it, never on where a packet ended. A line is parsed when its CRLF is seen,
 * so a wrong first line is refused at once and not after a time-out.
 */
public abstract class HeadReader {

    /** Most heads fit; a body behind a head is copied in vain by no more than this. */
    private static final int STEP = 1024;
    /** A scratch array that grew beyond this is not kept between messages. */
    private static final int KEEP = 4 * STEP;

    private static final int SPAN = 4;
    private static final int FEW_FIELDS = 8;

    private final int maxBytes;
    private final int maxFields;

    private byte[] bytes = {};
    private int filled;
    private int at;
    private int lineStart;
    private int[] spans = {};
    private int fields;
    private boolean startLineRead;
    private boolean complete;
    private @Nullable Violation violation;

    HeadReader(int maxBytes, int maxFields) {
        this.maxBytes = maxBytes;
        this.maxFields = maxFields;
        this.startLineRead = !hasStartLine();
    }

    /** Parses the first line; the bytes stay as they are until {@link #reset}. */
    abstract @Nullable Violation startLine(byte[] line, int start, int end);

    /** False for trailers, which are fields alone. */
    abstract boolean hasStartLine();

    /** What an empty line in place of the start line means; null: it is skipped. */
    abstract @Nullable Violation emptyFirstLine();

    /**
     * Takes bytes up to the end of the head and not one more.
     *
     * @return true when the head is complete; false when more bytes are needed or {@link #violation()} is not null
     */
    public final boolean read(ByteBuf in) {
        while (!scan()) {
            if (violation != null || !in.isReadable()) {
                return false;
            }
            if (filled >= maxBytes) {
                violation = startLineRead ? Violation.HEADERS_TOO_LARGE : Violation.URI_TOO_LONG;
                return false;
            }
            fill(in);
        }
        in.readerIndex(in.readerIndex() - (filled - at));
        return true;
    }

    public final @Nullable Violation violation() {
        return violation;
    }

    /** Whether a byte of the head was received; a skipped empty line is none. */
    public final boolean begun() {
        return startLineRead || filled > lineStart;
    }

    /** Whether the start line stands, so that a failure can be told with method and path. */
    final boolean startLineRead() {
        return startLineRead;
    }

    /** The fields read so far, as a view of a copy that is theirs. */
    final Headers headers() {
        return new Headers(Arrays.copyOf(bytes, at), spans, fields);
    }

    /** Makes ready for the next head. */
    public final void reset() {
        if (bytes.length > KEEP) {
            bytes = new byte[0];
        }
        filled = 0;
        at = 0;
        lineStart = 0;
        fields = 0;
        startLineRead = !hasStartLine();
        complete = false;
        violation = null;
    }

    private void fill(ByteBuf in) {
        int count = Math.min(Math.min(in.readableBytes(), STEP), maxBytes - filled);
        if (filled + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(filled + count, Math.min(bytes.length * 2, maxBytes)));
        }
        in.readBytes(bytes, filled, count);
        filled += count;
    }

    /** Goes on to the end of the head, a violation, or the end of what is there. */
    private boolean scan() {
        while (violation == null && !complete) {
            at = ControlScan.next(bytes, at, filled);
            if (at == filled) {
                return false;
            }
            byte b = bytes[at];
            if (b == '\t') {
                at++;
            } else if (b != '\r') {
                violation = control(b);
            } else if (at + 1 == filled) {
                return false;
            } else if (bytes[at + 1] != '\n') {
                violation = Violation.BARE_CR;
            } else {
                int start = lineStart;
                int end = at;
                at += 2;
                lineStart = at;
                line(start, end);
            }
        }
        return complete;
    }

    private Violation control(byte b) {
        return switch (b) {
            case '\n' -> Violation.BARE_LF;
            case 0 -> Violation.NUL;
            case 0x16 -> at == 0 && hasStartLine() ? Violation.TLS_ON_PLAIN_PORT : Violation.CONTROL_CHARACTER;
            default -> Violation.CONTROL_CHARACTER;
        };
    }

    private void line(int start, int end) {
        if (!startLineRead) {
            if (start == end) {
                violation = emptyFirstLine();
            } else {
                violation = startLine(bytes, start, end);
                startLineRead = violation == null;
            }
        } else if (start == end) {
            complete = true;
        } else {
            violation = field(start, end);
        }
    }

    private @Nullable Violation field(int start, int end) {
        if (bytes[start] == ' ' || bytes[start] == '\t') {
            return Violation.OBSOLETE_FOLDING;
        }
        if (fields == maxFields) {
            return Violation.TOO_MANY_HEADERS;
        }
        int colon = start;
        while (colon < end && Ascii.isTokenChar(bytes[colon])) {
            colon++;
        }
        if (colon == end) {
            return Violation.NO_COLON;
        }
        if (bytes[colon] != ':') {
            return wrongName(colon, end);
        }
        if (colon == start) {
            return Violation.EMPTY_FIELD_NAME;
        }
        int from = colon + 1;
        int to = end;
        while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
            from++;
        }
        while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
            to--;
        }
        add(start, colon, from, to);
        return null;
    }

    private Violation wrongName(int from, int end) {
        int next = from;
        while (next < end && (bytes[next] == ' ' || bytes[next] == '\t')) {
            next++;
        }
        return next > from && next < end && bytes[next] == ':'
                ? Violation.WHITESPACE_BEFORE_COLON
                : Violation.FIELD_NAME;
    }

    private void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        int i = fields * SPAN;
        if (i == spans.length) {
            // Not before the first field: most connections never see a trailer, and ten thousand may be idle.
            spans = Arrays.copyOf(spans, Math.max(FEW_FIELDS * SPAN, spans.length * 2));
        }
        spans[i] = nameStart;
        spans[i + 1] = nameEnd;
        spans[i + 2] = valueStart;
        spans[i + 3] = valueEnd;
        fields++;
    }
}
