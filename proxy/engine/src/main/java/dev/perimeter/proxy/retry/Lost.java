package dev.perimeter.proxy.retry;

/** Why an attempt ended without an answer. */
public enum Lost {
    /** No connection came about. */
    CONNECT_FAILED(true, RetryOn.CONNECT_FAILURE | RetryOn.RESET_BEFORE_REQUEST | Any.RESET),
    /**
     * The upstream said that it did not touch the request: REFUSED_STREAM, or a stream above the last one of a GOAWAY
     * (RFC 9113 section 8.7); or the connection was gone before a byte had left.
     */
    REFUSED(true, RetryOn.REFUSED_STREAM | RetryOn.RESET_BEFORE_REQUEST | Any.RESET),
    /** A kept connection was closed without a byte of response; the request may have been read (RFC 9112 section 9.3.1). */
    CLOSED_WHEN_REUSED(false, Any.RESET),
    /** Broken off by the upstream, or not HTTP. */
    RESET(false, Any.RESET),
    TRY_TIMEOUT(false, Any.RESET),
    /** A limit of the cluster; one more request is the last thing it needs. */
    OVERFLOW(true, 0),
    NO_ENDPOINT(true, 0);

    private static final class Any {
        /** What covers each way of getting no answer (Envoy: a reset counts as 5xx, since it will become one). */
        static final int RESET = RetryOn.RESET | RetryOn.SERVER_ERROR | RetryOn.GATEWAY_ERROR;
    }

    private final boolean unprocessed;
    private final int on;

    Lost(boolean unprocessed, int on) {
        this.unprocessed = unprocessed;
        this.on = on;
    }

    /** Surely nobody acted on the request. */
    public boolean unprocessed() {
        return unprocessed;
    }

    /** The {@link RetryOn} bits of which each covers it. */
    int on() {
        return on;
    }
}
