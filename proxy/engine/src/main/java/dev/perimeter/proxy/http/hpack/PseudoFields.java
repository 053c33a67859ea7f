package dev.perimeter.proxy.http.hpack;

import dev.perimeter.proxy.http.Ascii;
import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.http.parse.Authority;
import dev.perimeter.proxy.http.parse.PathSyntax;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The pseudo-header fields of one block (RFC 9113 section 8.3, RFC 8441 section 4). */
final class PseudoFields {

    @Nullable
    AsciiString method;

    @Nullable
    AsciiString status;

    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;

    void clear() {
        method = null;
        status = null;
        scheme = null;
        authority = null;
        path = null;
        protocol = null;
    }

    boolean any() {
        return method != null
                || status != null
                || scheme != null
                || authority != null
                || path != null
                || protocol != null;
    }

    @Nullable
    FieldViolation take(AsciiString name, AsciiString value) {
        @Nullable AsciiString before;
        if (name.contentEquals(":method")) {
            before = method;
            method = value;
        } else if (name.contentEquals(":path")) {
            before = path;
            path = value;
        } else if (name.contentEquals(":authority")) {
            before = authority;
            authority = value;
        } else if (name.contentEquals(":scheme")) {
            before = scheme;
            scheme = value;
        } else if (name.contentEquals(":status")) {
            before = status;
            status = value;
        } else if (name.contentEquals(":protocol")) {
            before = protocol;
            protocol = value;
        } else {
            return FieldViolation.PSEUDO_UNKNOWN;
        }
        return before == null ? null : FieldViolation.PSEUDO_REPEATED;
    }

    boolean isConnect() {
        return method != null && method.contentEquals("CONNECT");
    }

    @Nullable
    FieldViolation judgeRequest(boolean extendedConnect, @Nullable AsciiString host) {
        if (status != null) {
            return FieldViolation.PSEUDO_MISPLACED;
        }
        if (method == null) {
            return FieldViolation.PSEUDO_MISSING;
        }
        if (!Ascii.isToken(method)) {
            return FieldViolation.METHOD;
        }
        if (protocol != null && (!extendedConnect || !isConnect() || !Ascii.isToken(protocol))) {
            return FieldViolation.PROTOCOL;
        }
        FieldViolation wrong = isConnect() && protocol == null ? connectTarget() : target();
        return wrong == null ? authority(host) : wrong;
    }

    private @Nullable FieldViolation connectTarget() {
        if (scheme != null || path != null) {
            return FieldViolation.CONNECT_TARGET;
        }
        return authority == null || !Authority.hasPort(authority.toString()) ? FieldViolation.AUTHORITY : null;
    }

    private @Nullable FieldViolation target() {
        if (scheme == null || path == null) {
            return FieldViolation.PSEUDO_MISSING;
        }
        if (!scheme.contentEqualsIgnoreCase("http") && !scheme.contentEqualsIgnoreCase("https")) {
            return FieldViolation.SCHEME;
        }
        boolean asterisk = path.contentEquals("*") && method != null && method.contentEquals("OPTIONS");
        int start = path.arrayOffset();
        boolean valid = !path.isEmpty()
                && path.byteAt(0) == '/'
                && PathSyntax.isValid(path.array(), start, start + path.length());
        return asterisk || valid ? null : FieldViolation.PATH;
    }

    private @Nullable FieldViolation authority(@Nullable AsciiString host) {
        AsciiString named = authority == null ? host : authority;
        if (named == null || !Authority.isValid(named.toString())) {
            return FieldViolation.AUTHORITY;
        }
        return host != null && !host.contentEqualsIgnoreCase(named) ? FieldViolation.HOST_DIFFERS : null;
    }

    @Nullable
    FieldViolation judgeResponse() {
        if (method != null || scheme != null || authority != null || path != null || protocol != null) {
            return FieldViolation.PSEUDO_MISPLACED;
        }
        if (status == null) {
            return FieldViolation.PSEUDO_MISSING;
        }
        // RFC 9113 section 8.6: there is no 101 in HTTP/2.
        return statusCode() < 100 || statusCode() == 101 ? FieldViolation.STATUS : null;
    }

    /** 0 when it is not three digits. */
    int statusCode() {
        if (status == null || status.length() != 3) {
            return 0;
        }
        int code = 0;
        for (int i = 0; i < 3; i++) {
            if (!Ascii.isDigit(status.byteAt(i))) {
                return 0;
            }
            code = code * 10 + status.byteAt(i) - '0';
        }
        return code;
    }

    /** Also of a refused request, so any part may be missing. */
    RequestHead request(Headers headers, @Nullable AsciiString host) {
        AsciiString named = authority == null ? host : authority;
        String verb = text(method);
        RequestHead head = new RequestHead(
                protocol == null ? verb : "GET",
                scheme != null && scheme.contentEqualsIgnoreCase("https") ? "https" : "http",
                text(named),
                text(path),
                "HTTP/2",
                headers);
        head.upgrade(protocol == null ? null : protocol.toString());
        return head;
    }

    private static String text(@Nullable AsciiString value) {
        return value == null ? "" : value.toString();
    }
}
