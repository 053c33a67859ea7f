package dev.perimeter.proxy.http.parse;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** Reads the heads of the requests of one connection, one after another. */
public final class RequestReader extends HeadReader {

    private final RequestLine line;
    private final String connectionScheme;
    private final MessageFraming framing = new MessageFraming();
    private boolean emptyLineSkipped;
    private @Nullable RequestHead partial;
    private @Nullable Violation failure;

    /** @param scheme that of the connection: {@code http}, or {@code https} under TLS */
    public RequestReader(int maxBytes, int maxFields, boolean absoluteAllowed, boolean connectAllowed, String scheme) {
        super(maxBytes, maxFields);
        this.line = new RequestLine(absoluteAllowed, connectAllowed);
        this.connectionScheme = scheme;
    }

    @Override
    @Nullable
    Violation startLine(byte[] bytes, int start, int end) {
        return line.parse(bytes, start, end);
    }

    @Override
    boolean hasStartLine() {
        return true;
    }

    @Override
    @Nullable
    Violation emptyFirstLine() {
        // Some clients send CRLF after a body (RFC 9112 section 2.2); a row of them is something else.
        boolean again = emptyLineSkipped;
        emptyLineSkipped = true;
        return again ? Violation.EMPTY_LINES : null;
    }

    /** How the body of the request just read is delimited, and what its Connection field said. */
    public MessageFraming framing() {
        return framing;
    }

    /** Whether the method is HEAD, as far as it was read. */
    public boolean isHead() {
        return startLineRead() && line.method().equals("HEAD");
    }

    /** What could be read before a violation, for the access log. */
    public @Nullable RequestHead partial() {
        if (partial == null && startLineRead()) {
            Headers headers = headers();
            String host = headers.get("host");
            partial = head(line.authority() != null ? line.authority() : host == null ? "" : host, headers, "Host");
        }
        return partial;
    }

    /**
     * Looks at the fields of a complete head: strips what belongs to the connection and settles framing and authority.
     * The reader is ready for the next head when {@link #next} was called.
     *
     * @return the head, or null when {@link #failure} says why not
     */
    public @Nullable RequestHead finish() {
        Headers headers = headers();
        failure = framing.settle(headers, line.http10(), true);
        if (failure != null) {
            return null;
        }
        failure = expectation(headers);
        if (failure != null) {
            return null;
        }
        int host = headers.indexOf("host", 0);
        if (host < 0) {
            // HTTP/1.0 may go without, but then there is nothing to route by, nor to say to an HTTP/1.1 upstream.
            if (line.authority() == null || !line.http10()) {
                failure = Violation.HOST_MISSING;
                return null;
            }
            return offering(head(line.authority(), headers, "Host"));
        }
        if (headers.indexOf("host", host + 1) >= 0) {
            failure = Violation.HOST_REPEATED;
            return null;
        }
        String value = headers.value(host);
        String spelling = headers.name(host);
        if (!Authority.isValid(value)) {
            failure = value.indexOf('@') >= 0 ? Violation.USERINFO : Violation.HOST_INVALID;
            return null;
        }
        headers.removeAt(host);
        // RFC 9112 section 3.2.2: the authority of an absolute target wins over Host.
        return offering(head(line.authority() == null ? value : line.authority(), headers, spelling));
    }

    private RequestHead offering(RequestHead head) {
        head.hasContent(framing.hasContent());
        if (framing.upgrade() != null) {
            head.upgrade(offer());
        }
        return head;
    }

    /** Why {@link #finish} had no head. */
    public @Nullable Violation failure() {
        return failure;
    }

    /** Makes ready for the next request. */
    public void next() {
        emptyLineSkipped = false;
        partial = null;
        failure = null;
        reset();
    }

    private @Nullable Violation expectation(Headers headers) {
        int expect = headers.indexOf("expect", 0);
        if (expect < 0) {
            return null;
        }
        if (line.http10()) {
            // RFC 9110 section 10.1.1: a server ignores the expectation of an HTTP/1.0 client.
            headers.remove("expect");
            return null;
        }
        boolean known =
                headers.value(expect).equalsIgnoreCase("100-continue") && headers.indexOf("expect", expect + 1) < 0;
        return known ? null : Violation.EXPECTATION;
    }

    private RequestHead head(String authority, Headers headers, String hostName) {
        String scheme = line.scheme() == null ? connectionScheme : line.scheme();
        return new RequestHead(line.method(), scheme, authority, line.path(), line.protocol(), headers, hostName);
    }

    /**
     * The first protocol offered. An offer means nothing in HTTP/1.0 (RFC 9110 section 7.8) and nothing with CONNECT. The
     * upgrade to {@code h2c} is gone from HTTP/2 (RFC 9113 section 3.1).
     */
    private @Nullable String offer() {
        String offered = framing.upgrade();
        if (offered == null || line.http10() || line.method().equals("CONNECT")) {
            return null;
        }
        for (String protocol : offered.split(",")) {
            String name = protocol.strip();
            if (!name.isEmpty() && !name.equalsIgnoreCase("h2c")) {
                return name;
            }
        }
        return null;
    }
}
