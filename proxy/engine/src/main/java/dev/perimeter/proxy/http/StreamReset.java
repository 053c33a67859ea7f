package dev.perimeter.proxy.http;

/**
 * Why a stream ended before its end.
 *
 * @param connectionGone true when nothing can be sent on the connection any more
 * @param sentence for the log: what happened, in the words of the protocol
 */
public record StreamReset(Cause cause, boolean connectionGone, String sentence) {

    public enum Cause {
        /** The peer closed or reset the connection. */
        REMOTE_CLOSED,
        /** The peer sent bytes that are not HTTP, or HTTP with two meanings. */
        PROTOCOL_ERROR,
        /** The peer was silent or slow for longer than it may. */
        TIMEOUT,
        /** The peer closed before it had sent a single byte of a response on a reused connection: the keep-alive race. */
        CLOSED_BEFORE_RESPONSE,
        /** The peer ended this stream alone (RST_STREAM). */
        REMOTE_RESET,
        /**
         * The peer surely did nothing about the request, so it may be sent again whatever its method: REFUSED_STREAM, or
         * above the last stream of a GOAWAY (RFC 9113 sections 6.8 and 8.7).
         */
        NOT_PROCESSED
    }
}
