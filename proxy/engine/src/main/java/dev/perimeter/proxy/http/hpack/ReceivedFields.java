package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.ResponseHead;
import dev.perimeter.proxy.http.parse.LateFields;
import dev.perimeter.proxy.http.parse.MessageFraming;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects the fields of one header block as HPACK gives them away, and judges them (RFC 9113 sections 8.2 and 8.3). One
 * instance a connection: a block is finished before the next one begins.
 *
 * <p>Implementation note. Fields are laid out as they would stand in HTTP/1.1, line after line in one array, so that a
 * head that came by HTTP/2 leaves by HTTP/1.1 in runs of bytes; see {@link Headers}. The first violation decides; the
 * rest of the block is still decoded, since the compression context must stay in step.
 */
public final class ReceivedFields extends SlimHeaders {

    private static final int SPAN = 4;
    private static final int KEEP = 4096;

    private final int maxFields;
    private byte[] bytes = {};
    private int filled;
    private int[] spans = new int[16 * SPAN];
    private int fields;
    private int cookies;
    private boolean regularSeen;
    private final PseudoFields pseudo = new PseudoFields();
    private @Nullable AsciiString host;
    private @Nullable FieldViolation violation;
    private long contentLength = MessageFraming.NONE;

    /** @param maxFields more regular fields than that are refused; a limit on bytes is the decoder's business */
    public ReceivedFields(int maxFields) {
        this.maxFields = maxFields;
    }

    /** Makes ready for the next block. */
    ReceivedFields begin() {
        if (bytes.length > KEEP) {
            bytes = new byte[0];
        }
        filled = 0;
        fields = 0;
        cookies = 0;
        regularSeen = false;
        pseudo.clear();
        host = null;
        violation = null;
        contentLength = MessageFraming.NONE;
        return this;
    }

    /** Whether the block holds a status, so that the codec can tell 1xx from final heads. */
    @Override
    public @Nullable CharSequence status() {
        return pseudo.status;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (violation == null) {
            violation = take(AsciiString.of(name), AsciiString.of(value));
        }
        return this;
    }

    /**
     * The block as the head of a request.
     *
     * @param extendedConnect whether SETTINGS_ENABLE_CONNECT_PROTOCOL was sent (RFC 8441 section 3)
     * @return null when {@link #violation()} says why not
     */
    public @Nullable RequestHead request(boolean extendedConnect) {
        if (violation == null) {
            violation = pseudo.judgeRequest(extendedConnect, host);
        }
        if (violation == null && contentLength != MessageFraming.NONE && pseudo.isConnect()) {
            violation = FieldViolation.CONNECT_CONTENT;
        }
        return violation == null ? pseudo.request(headers(), host) : null;
    }

    /** What could be read of a refused request, for the access log. */
    public @Nullable RequestHead partial() {
        return pseudo.method == null ? null : pseudo.request(headers(), host);
    }

    /** Whether the request is HEAD, as far as it was read. */
    public boolean isHead() {
        return pseudo.method != null && pseudo.method.contentEquals("HEAD");
    }

    /**
     * The block as the head of a response.
     *
     * @return null when {@link #violation()} says why not
     */
    public @Nullable ResponseHead response() {
        if (violation == null) {
            violation = pseudo.judgeResponse();
        }
        return violation == null ? new ResponseHead(pseudo.statusCode(), "", headers()) : null;
    }

    /**
     * The block as trailers, without fields that come too late.
     *
     * @return null when {@link #violation()} says why not
     */
    public @Nullable Headers trailers() {
        if (violation == null && pseudo.any()) {
            violation = FieldViolation.PSEUDO_MISPLACED;
        }
        return violation == null ? LateFields.strip(headers()) : null;
    }

    /** What is wrong, or null. */
    public @Nullable FieldViolation violation() {
        return violation;
    }

    /** The length that the head declares, or {@link MessageFraming#NONE}. */
    public long contentLength() {
        return contentLength;
    }

    private @Nullable FieldViolation take(AsciiString name, AsciiString value) {
        if (!name.isEmpty() && name.byteAt(0) == ':') {
            return regularSeen ? FieldViolation.PSEUDO_LATE : pseudo.take(name, value);
        }
        regularSeen = true;
        if (fields == maxFields) {
            return FieldViolation.TOO_MANY;
        }
        FieldViolation wrong = append(name, value);
        return wrong == null ? special(name, value) : wrong;
    }

    /** Fields that mean something to the connection or to the message as a whole; the length tells most apart. */
    private @Nullable FieldViolation special(AsciiString name, AsciiString value) {
        switch (name.length()) {
            case 2 -> {
                return name.contentEquals("te") && !value.contentEqualsIgnoreCase("trailers")
                        ? FieldViolation.TE
                        : null;
            }
            case 4 -> {
                return name.contentEquals("host") ? host(value) : null;
            }
            case 6 -> {
                if (name.contentEquals("cookie")) {
                    cookies++;
                } else if (name.contentEquals("expect") && !value.contentEqualsIgnoreCase("100-continue")) {
                    return FieldViolation.EXPECTATION;
                }
                return null;
            }
            case 7 -> {
                return forbidden(name, "upgrade");
            }
            case 10 -> {
                return name.contentEquals("keep-alive")
                        ? FieldViolation.CONNECTION_FIELD
                        : forbidden(name, "connection");
            }
            case 14 -> {
                return name.contentEquals("content-length") ? length(value) : null;
            }
            case 16 -> {
                return forbidden(name, "proxy-connection");
            }
            case 17 -> {
                return forbidden(name, "transfer-encoding");
            }
            default -> {
                return null;
            }
        }
    }

    private static @Nullable FieldViolation forbidden(AsciiString name, String connectionField) {
        return name.contentEquals(connectionField) ? FieldViolation.CONNECTION_FIELD : null;
    }

    private @Nullable FieldViolation host(AsciiString value) {
        if (host != null) {
            return FieldViolation.HOST_REPEATED;
        }
        host = value;
        fields--;
        return null;
    }

    private @Nullable FieldViolation length(AsciiString value) {
        long length = MessageFraming.length(value.toString());
        if (length < 0 || contentLength != MessageFraming.NONE) {
            return FieldViolation.LENGTH_INVALID;
        }
        contentLength = length;
        return null;
    }

    private @Nullable FieldViolation append(AsciiString name, AsciiString value) {
        int nameLength = name.length();
        int valueLength = value.length();
        room(nameLength + valueLength + 4);
        int nameStart = filled;
        int valueStart = nameStart + nameLength + 2;
        System.arraycopy(name.array(), name.arrayOffset(), bytes, nameStart, nameLength);
        bytes[valueStart - 2] = ':';
        bytes[valueStart - 1] = ' ';
        System.arraycopy(value.array(), value.arrayOffset(), bytes, valueStart, valueLength);
        int end = valueStart + valueLength;
        if (!FieldSyntax.isName(bytes, nameStart, nameStart + nameLength)) {
            return FieldViolation.NAME;
        }
        if (!FieldSyntax.isValue(bytes, valueStart, end)) {
            return FieldViolation.VALUE;
        }
        line(nameStart, nameStart + nameLength, valueStart, end);
        return null;
    }

    private void line(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        bytes[valueEnd] = '\r';
        bytes[valueEnd + 1] = '\n';
        filled = valueEnd + 2;
        if (spans.length == fields * SPAN) {
            spans = Arrays.copyOf(spans, spans.length * 2);
        }
        spans[fields * SPAN] = nameStart;
        spans[fields * SPAN + 1] = nameEnd;
        spans[fields * SPAN + 2] = valueStart;
        spans[fields * SPAN + 3] = valueEnd;
        fields++;
    }

    private void room(int count) {
        if (filled + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(filled + count, Math.max(512, bytes.length * 2)));
        }
    }

    private Headers headers() {
        if (cookies > 1) {
            joinCookies();
        }
        return new Headers(Arrays.copyOf(bytes, filled), spans, fields);
    }

    /** RFC 9113 section 8.2.3: crumbs of a cookie become one field before anybody else sees them. */
    private void joinCookies() {
        int kept = 0;
        room(filled + 4 + 2 * cookies);
        int nameStart = filled;
        int to = nameStart;
        for (int i = 0; i < fields; i++) {
            int from = spans[i * SPAN];
            if (spans[i * SPAN + 1] - from == 6 && Ascii.equalsIgnoreCase(bytes, from, "cookie")) {
                boolean first = to == nameStart;
                int start = first ? from : spans[i * SPAN + 2];
                if (!first) {
                    bytes[to++] = ';';
                    bytes[to++] = ' ';
                }
                int count = spans[i * SPAN + 3] - start;
                System.arraycopy(bytes, start, bytes, to, count);
                to += count;
            } else {
                System.arraycopy(spans, i * SPAN, spans, kept++ * SPAN, SPAN);
            }
        }
        fields = kept;
        cookies = 1;
        line(nameStart, nameStart + 6, nameStart + 8, to);
    }
}
