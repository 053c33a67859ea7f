package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Ascii;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The request line of RFC 9112 section 3, with all four forms of target. One instance a connection, used again. */
final class RequestLine {

    private static final String[] METHODS = {"GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "CONNECT"};

    private final boolean absoluteAllowed;
    private final boolean connectAllowed;

    private String method = "";
    private String path = "";
    private @Nullable String scheme;
    private @Nullable String authority;
    private boolean http10;

    RequestLine(boolean absoluteAllowed, boolean connectAllowed) {
        this.absoluteAllowed = absoluteAllowed;
        this.connectAllowed = connectAllowed;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** From an absolute target, else null. */
    @Nullable
    String scheme() {
        return scheme;
    }

    /** From an absolute target or CONNECT, else null. */
    @Nullable
    String authority() {
        return authority;
    }

    boolean http10() {
        return http10;
    }

    String protocol() {
        return http10 ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Nullable
    Violation parse(byte[] b, int start, int end) {
        method = "";
        path = "";
        scheme = null;
        authority = null;
        int methodEnd = start;
        while (methodEnd < end && Ascii.isTokenChar(b[methodEnd])) {
            methodEnd++;
        }
        if (methodEnd == end) {
            return Violation.REQUEST_LINE;
        }
        if (methodEnd == start || b[methodEnd] != ' ') {
            return Violation.METHOD;
        }
        int version = end;
        while (b[version - 1] != ' ') {
            version--;
        }
        int targetStart = methodEnd + 1;
        int targetEnd = version - 1;
        if (targetEnd <= targetStart - 1) {
            // "GET /path" alone is HTTP/0.9, which had no version and no way to tell an error.
            return end > targetStart && b[targetStart] == '/' ? Violation.VERSION : Violation.REQUEST_LINE;
        }
        Violation wrong = version(b, version, end, targetStart, targetEnd);
        if (wrong != null) {
            return wrong;
        }
        if (targetEnd == targetStart) {
            return Violation.REQUEST_LINE;
        }
        method = knownMethod(b, start, methodEnd);
        return target(b, targetStart, targetEnd);
    }

    private @Nullable Violation version(byte[] b, int start, int end, int targetStart, int targetEnd) {
        if (end - start != 8
                || !matches(b, start, "HTTP/")
                || !Ascii.isDigit(b[start + 5])
                || b[start + 6] != '.'
                || !Ascii.isDigit(b[start + 7])) {
            return Violation.VERSION_SYNTAX;
        }
        if (b[start + 5] == '1' && b[start + 7] <= '1') {
            http10 = b[start + 7] == '0';
            return null;
        }
        boolean preface = b[start + 5] == '2' && targetEnd - targetStart == 1 && b[targetStart] == '*';
        return preface && matches(b, targetStart - 4, "PRI ") ? Violation.HTTP2_PREFACE : Violation.VERSION;
    }

    private @Nullable Violation target(byte[] b, int start, int end) {
        if (method.equals("CONNECT")) {
            return connect(b, start, end);
        }
        if (b[start] == '/') {
            return pathAndQuery(b, start, end);
        }
        if (b[start] == '*' && end - start == 1) {
            path = "*";
            return method.equals("OPTIONS") ? null : Violation.TARGET_FORM;
        }
        int prefix = schemePrefix(b, start, end);
        return prefix == 0 ? otherForm(b, start, end) : absolute(b, start + prefix, end);
    }

    private @Nullable Violation connect(byte[] b, int start, int end) {
        String target = text(b, start, end);
        if (target.indexOf('@') >= 0) {
            return Violation.USERINFO;
        }
        if (!Authority.isValid(target) || !Authority.hasPort(target)) {
            return Violation.AUTHORITY;
        }
        authority = target;
        return connectAllowed ? null : Violation.CONNECT;
    }

    private @Nullable Violation absolute(byte[] b, int start, int end) {
        int authorityEnd = start;
        while (authorityEnd < end && b[authorityEnd] != '/' && b[authorityEnd] != '?' && b[authorityEnd] != '#') {
            authorityEnd++;
        }
        String target = text(b, start, authorityEnd);
        if (target.indexOf('@') >= 0) {
            return Violation.USERINFO;
        }
        if (!Authority.isValid(target)) {
            return Violation.AUTHORITY;
        }
        authority = target;
        if (!absoluteAllowed) {
            return Violation.ABSOLUTE_TARGET;
        }
        if (authorityEnd < end && b[authorityEnd] == '/') {
            return pathAndQuery(b, authorityEnd, end);
        }
        if (authorityEnd == end) {
            // RFC 9112 section 3.2.4: OPTIONS for an absolute target without a path is OPTIONS for the server.
            path = method.equals("OPTIONS") ? "*" : "/";
            return null;
        }
        Violation wrong = pathAndQuery(b, authorityEnd, end);
        path = "/" + path;
        return wrong;
    }

    private @Nullable Violation pathAndQuery(byte[] b, int start, int end) {
        if (!PathSyntax.isValid(b, start, end)) {
            return Violation.TARGET;
        }
        path = text(b, start, end);
        return null;
    }

    private int schemePrefix(byte[] b, int start, int end) {
        if (end - start > 7 && Ascii.equalsIgnoreCase(b, start, "http://")) {
            scheme = "http";
            return 7;
        }
        if (end - start > 8 && Ascii.equalsIgnoreCase(b, start, "https://")) {
            scheme = "https";
            return 8;
        }
        return 0;
    }

    private static Violation otherForm(byte[] b, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!Ascii.isQueryChar(b[i])) {
                return Violation.TARGET;
            }
        }
        return Violation.TARGET_FORM;
    }

    private static String knownMethod(byte[] b, int start, int end) {
        for (String known : METHODS) {
            if (known.length() == end - start && matches(b, start, known)) {
                return known;
            }
        }
        return text(b, start, end);
    }

    private static boolean matches(byte[] b, int start, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (start + i < 0 || b[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] b, int start, int end) {
        return new String(b, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
