package dev.perimeter.proxy.retry;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What makes a retry worth while, as bits; the names are those of Envoy's {@code retry_on}. */
public final class RetryOn {

    public static final int SERVER_ERROR = 1;
    public static final int GATEWAY_ERROR = 1 << 1;
    public static final int RESET = 1 << 2;
    public static final int RESET_BEFORE_REQUEST = 1 << 3;
    public static final int CONNECT_FAILURE = 1 << 4;
    public static final int RATE_LIMITED = 1 << 5;
    public static final int RETRIABLE_4XX = 1 << 6;
    public static final int REFUSED_STREAM = 1 << 7;
    public static final int STATUS_CODES = 1 << 8;
    public static final int HEADERS = 1 << 9;

    private static final int GRPC = 10;
    static final int ANY_GRPC_STATUS = -1 << GRPC;

    private static final Map<String, Integer> NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("5xx", SERVER_ERROR),
            Map.entry("gateway-error", GATEWAY_ERROR),
            Map.entry("reset", RESET),
            Map.entry("reset-before-request", RESET_BEFORE_REQUEST),
            Map.entry("connect-failure", CONNECT_FAILURE),
            Map.entry("envoy-ratelimited", RATE_LIMITED),
            Map.entry("retriable-4xx", RETRIABLE_4XX),
            Map.entry("refused-stream", REFUSED_STREAM),
            Map.entry("retriable-status-codes", STATUS_CODES),
            Map.entry("retriable-headers", HEADERS),
            // Nobody speaks HTTP/3 here, so it never fails after the connect.
            Map.entry("http3-post-connect-failure", 0),
            Map.entry("cancelled", 1 << GRPC),
            Map.entry("deadline-exceeded", 1 << GRPC + 1),
            Map.entry("resource-exhausted", 1 << GRPC + 2),
            Map.entry("internal", 1 << GRPC + 3),
            Map.entry("unavailable", 1 << GRPC + 4)));

    private RetryOn() {}

    /** The bit of a name, or null when there is no such condition. */
    public static @Nullable Integer named(String name) {
        return NAMES.get(name);
    }

    /** All conditions there are, in order. */
    public static Iterable<String> names() {
        return NAMES.keySet();
    }

    /** The conditions of a header's list; names that mean nothing are left out (as in Envoy). */
    static int ofHeader(String list) {
        int bits = 0;
        for (String name : list.split(",")) {
            Integer bit = NAMES.get(name.trim());
            bits |= bit == null ? 0 : bit;
        }
        return bits;
    }

    /** The bit of a gRPC status (grpc/doc/statuscodes.md), 0 for those that are never retried. */
    static int ofGrpcStatus(String status) {
        return switch (status) {
            case "1" -> 1 << GRPC;
            case "4" -> 1 << GRPC + 1;
            case "8" -> 1 << GRPC + 2;
            case "13" -> 1 << GRPC + 3;
            case "14" -> 1 << GRPC + 4;
            default -> 0;
        };
    }
}
