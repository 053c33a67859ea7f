package dev.perimeter.proxy.snapshot;

import java.time.Duration;

/**
 * How HTTP/2 is spoken on one side; each part is a field of Envoy's {@code http2_protocol_options}.
 *
 * @param maxConcurrentStreams what the peer may open at once, 1 to 2^31-1
 * @param streamWindow bytes that may wait here for one stream, 65535 to 2^31-1
 * @param connectionWindow bytes that may wait here for all streams of a connection, 65535 to 2^31-1
 * @param hpackTableSize bytes of memory the peer's encoder may use here (hpack_table_size)
 * @param allowConnect whether extended CONNECT is offered (RFC 8441)
 */
public record Http2Options(
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int hpackTableSize,
        boolean allowConnect,
        Floods floods,
        KeepAlive keepAlive) {

    /**
     * Envoy's windows (16 MiB for a stream) let one slow upstream fill the memory of a small proxy; 256 KiB and 1 MiB
     * carry 200 Mbit/s for a stream over 10 ms and keep what can wait here in bounds.
     */
    public static final Http2Options DEFAULTS = new Http2Options(
            1024, 256 * 1024, 1024 * 1024, 4096, false, Floods.DEFAULTS, new KeepAlive(Duration.ZERO, Duration.ZERO));

    /**
     * From where on frames are an attack; Envoy's fields and defaults.
     *
     * @param outboundFrames that may wait for a peer that does not read
     * @param outboundControlFrames of these PING, SETTINGS and RST_STREAM
     * @param emptyFrames DATA in a row without content and without end
     * @param prioritiesPerStream PRIORITY frames for each stream opened
     * @param windowUpdatesPerData WINDOW_UPDATE frames for each DATA frame sent
     */
    public record Floods(
            int outboundFrames,
            int outboundControlFrames,
            int emptyFrames,
            int prioritiesPerStream,
            int windowUpdatesPerData) {

        public static final Floods DEFAULTS = new Floods(10_000, 1_000, 1, 100, 10);
    }

    /**
     * Whether the peer is still there (connection_keepalive).
     *
     * @param interval between PINGs; zero means none are sent
     * @param timeout for the answer
     */
    public record KeepAlive(Duration interval, Duration timeout) {}
}
