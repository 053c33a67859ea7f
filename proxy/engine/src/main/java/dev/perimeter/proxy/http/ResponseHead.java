package dev.perimeter.proxy.http;

/** The status line and headers of a response. */
public final class ResponseHead {

    private final int status;
    private final String reason;
    private final Headers headers;

    /** @param status 100 to 999; @param reason may be empty, it carries no meaning (RFC 9112 section 4) */
    public ResponseHead(int status, String reason, Headers headers) {
        this.status = status;
        this.reason = reason;
        this.headers = headers;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public Headers headers() {
        return headers;
    }
}
