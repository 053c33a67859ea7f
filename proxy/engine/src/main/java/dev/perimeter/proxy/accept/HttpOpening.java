package dev.perimeter.proxy.accept;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/**
 * Tells whether plain bytes begin like HTTP: by the preface of HTTP/2 (RFC 9113 section 3.4) or the first line of a
 * request that names its version (RFC 9112 section 3). The names are Envoy's: {@code h2c}, {@code http/1.1}, {@code
 * http/1.0}.
 */
final class HttpOpening {

    private static final AsciiString PREFACE = AsciiString.cached("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /** A first line longer than this is none (Envoy: 64 KiB). */
    private static final int LONGEST_LINE = 64 * 1024;

    private static final int LONGEST_METHOD = 32;
    private static final int VERSION = "HTTP/1.1".length();

    private HttpOpening() {}

    static Opening read(ByteBuf bytes, ConnectionFacts facts) {
        int start = bytes.readerIndex();
        int available = bytes.readableBytes();
        int same = 0;
        while (same < available && same < PREFACE.length() && bytes.getByte(start + same) == PREFACE.byteAt(same)) {
            same++;
        }
        if (same == PREFACE.length()) {
            facts.application("h2c");
            return Opening.YES;
        }
        if (same == available) {
            return Opening.MORE;
        }
        return requestLine(bytes, start, available, facts);
    }

    private static Opening requestLine(ByteBuf bytes, int start, int available, ConnectionFacts facts) {
        // Clients that send a blank line first are forgiven (RFC 9112 section 2.2).
        int method = start;
        while (method < start + available && (bytes.getByte(method) == '\r' || bytes.getByte(method) == '\n')) {
            method++;
        }
        int end = start + available;
        int at = method;
        while (at < end && isToken(bytes.getByte(at))) {
            at++;
        }
        if (at - method > LONGEST_METHOD || at < end && (bytes.getByte(at) != ' ' || at == method)) {
            return Opening.NO;
        }
        int line = bytes.indexOf(at, end, (byte) '\n');
        if (line < 0) {
            return available > LONGEST_LINE ? Opening.NO : Opening.MORE;
        }
        int last = bytes.getByte(line - 1) == '\r' ? line - 1 : line;
        if (last - VERSION <= at) {
            return Opening.NO;
        }
        return switch (bytes.toString(last - VERSION, VERSION, StandardCharsets.US_ASCII)) {
            case "HTTP/1.1" -> {
                facts.application("http/1.1");
                yield Opening.YES;
            }
            case "HTTP/1.0" -> {
                facts.application("http/1.0");
                yield Opening.YES;
            }
            default -> Opening.NO;
        };
    }

    private static boolean isToken(byte b) {
        return b >= 'A' && b <= 'Z'
                || b >= 'a' && b <= 'z'
                || b >= '0' && b <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }
}
