package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The framing of the chunked coding, RFC 9112 section 7.1, byte by byte between the pieces of data. Extensions are
 * checked and dropped; they belong to one hop (section 7.1.1).
 */
final class ChunkReader {

    /** Extensions of one message together; more serves nobody but an attacker. */
    private static final int MAX_EXTENSION_BYTES = 4096;

    private static final int MAX_SIZE_DIGITS = 15;

    private enum At {
        SIZE,
        EXTENSION_NAME,
        EXTENSION_VALUE,
        QUOTED,
        QUOTED_PAIR,
        AFTER_QUOTED,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        LAST
    }

    private At at = At.SIZE;
    private int digits;
    private boolean emptyPart;
    private int extensionBytes;
    private long remaining;
    private @Nullable Violation violation;

    void reset() {
        at = At.SIZE;
        digits = 0;
        extensionBytes = 0;
        remaining = 0;
        violation = null;
    }

    /** Bytes of chunk data to come next; 0 when framing comes next. */
    long remaining() {
        return at == At.DATA ? remaining : 0;
    }

    /** Whether the last chunk was read, so that trailers or an empty line come next. */
    boolean last() {
        return at == At.LAST;
    }

    void tookData(long count) {
        remaining -= count;
        if (remaining == 0) {
            at = At.DATA_CR;
        }
    }

    /** Reads framing up to the next data, the end of the last chunk, a violation, or the end of what is there. */
    @Nullable
    Violation read(ByteBuf in) {
        while (at != At.DATA && at != At.LAST && violation == null && in.isReadable()) {
            violation = step(in.readByte());
        }
        return violation;
    }

    private @Nullable Violation step(byte b) {
        return switch (at) {
            case SIZE -> size(b);
            case EXTENSION_NAME, EXTENSION_VALUE, QUOTED, QUOTED_PAIR, AFTER_QUOTED -> extension(b);
            case SIZE_LF -> {
                at = remaining == 0 ? At.LAST : At.DATA;
                yield b == '\n' ? null : Violation.BARE_CR;
            }
            case DATA_CR -> {
                at = At.DATA_LF;
                yield b == '\r' ? null : Violation.CHUNK_END;
            }
            case DATA_LF -> {
                at = At.SIZE;
                digits = 0;
                yield b == '\n' ? null : Violation.CHUNK_END;
            }
            case DATA, LAST -> throw new IllegalStateException("no framing here");
        };
    }

    private @Nullable Violation size(byte b) {
        if (Ascii.isHexDigit(b)) {
            if (digits++ == MAX_SIZE_DIGITS) {
                return Violation.CHUNK_SIZE_OVERFLOW;
            }
            remaining = remaining << 4 | Character.digit(b, 16);
            return null;
        }
        if (digits == 0) {
            return Violation.CHUNK_SIZE;
        }
        if (b == '\r') {
            at = At.SIZE_LF;
            return null;
        }
        if (b == ';') {
            begin(At.EXTENSION_NAME);
            return null;
        }
        return b == '\n' ? Violation.BARE_LF : Violation.CHUNK_SIZE;
    }

    private @Nullable Violation extension(byte b) {
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            return Violation.CHUNK_EXTENSION;
        }
        switch (at) {
            case QUOTED -> {
                if (b == '"') {
                    at = At.AFTER_QUOTED;
                } else if (b == '\\') {
                    at = At.QUOTED_PAIR;
                }
                return isText(b) ? null : Violation.CHUNK_EXTENSION;
            }
            case QUOTED_PAIR -> {
                at = At.QUOTED;
                return isText(b) ? null : Violation.CHUNK_EXTENSION;
            }
            default -> {
                return unquoted(b);
            }
        }
    }

    private @Nullable Violation unquoted(byte b) {
        if (Ascii.isTokenChar(b) && at != At.AFTER_QUOTED) {
            emptyPart = false;
            return null;
        }
        if (b == '"' && at == At.EXTENSION_VALUE && emptyPart) {
            begin(At.QUOTED);
            return null;
        }
        if (emptyPart && at != At.AFTER_QUOTED) {
            return Violation.CHUNK_EXTENSION;
        }
        if (b == '\r') {
            at = At.SIZE_LF;
        } else if (b == ';') {
            begin(At.EXTENSION_NAME);
        } else if (b == '=' && at == At.EXTENSION_NAME) {
            begin(At.EXTENSION_VALUE);
        } else {
            return b == '\n' ? Violation.BARE_LF : Violation.CHUNK_EXTENSION;
        }
        return null;
    }

    private void begin(At part) {
        at = part;
        emptyPart = true;
    }

    private static boolean isText(byte b) {
        return b >= ' ' && b != 0x7f || b < 0 || b == '\t';
    }
}
