package dev.perimeter.proxy.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a request may take; zero means as long as it likes.
 *
 * @param route from the end of the request to the end of the response (Envoy: timeout, default 15 s)
 * @param idle longest silence of the stream in either direction
 * @param maxStream from the first to the last byte of the exchange (Envoy: max_stream_duration); null to take the
 *     connection manager's
 * @param grpcStream how {@code grpc-timeout} replaces {@code maxStream} (Envoy: grpc_timeout_header_max and _offset), or
 *     null
 * @param grpcRoute how {@code grpc-timeout} replaces {@code route} (Envoy: max_grpc_timeout, grpc_timeout_offset), or
 *     null. Without either a shorter {@code grpc-timeout} ends the request all the same: its client is gone by then
 */
public record Timeouts(
        Duration route,
        Duration idle,
        @Nullable Duration maxStream,
        @Nullable Grpc grpcStream,
        @Nullable Grpc grpcRoute) {

    public Timeouts(Duration route, Duration idle) {
        this(route, idle, null, null, null);
    }

    /**
     * What of a client's {@code grpc-timeout} counts.
     *
     * @param max longest that is granted; zero: any
     * @param offset taken off, so that the client hears of it before it gives up; not below zero
     */
    public record Grpc(Duration max, Duration offset) {

        /**
         * A call that has no time left has one nanosecond.
         *
         * @param asked nanoseconds, or {@link GrpcTimeout#NONE} for as long as it likes; answers 0 for that
         */
        public long granted(long asked) {
            long cap = max.toNanos();
            if (asked == GrpcTimeout.NONE) {
                return cap;
            }
            long granted = Math.max(1, cap == 0 ? asked : Math.min(asked, cap));
            long off = offset.toNanos();
            return off < granted ? granted - off : granted;
        }
    }
}
