package dev.perimeter.proxy.http;

/** What a codec sees that is worth a number and belongs to no exchange. Named as Envoy's codec statistics. */
public enum CodecEvent {
    /** DATA frames in a row with neither content nor end. */
    EMPTY_FRAMES_FLOOD,
    PRIORITY_FLOOD,
    WINDOW_UPDATE_FLOOD,
    /** More answers to PING, SETTINGS or broken streams wait than the peer cares to read. */
    OUTBOUND_CONTROL_FLOOD,
    /** More frames of any kind wait than the peer cares to read. */
    OUTBOUND_FLOOD,
    /** A client that opens streams only to reset them (CVE-2023-44487), or to make us do it. */
    PREMATURE_RESETS,
    /** A head larger than allowed. */
    HEADER_OVERFLOW,
    /** A message or a frame that breaks the protocol. */
    MESSAGING_ERROR,
    RESET_RECEIVED,
    RESET_SENT,
    GOAWAY_SENT,
    /** A stream above the limit on concurrent ones. */
    STREAM_REFUSED,
    /** No answer to a PING in time. */
    KEEPALIVE_TIMEOUT
}
