package dev.perimeter.labs.harness.evidence;

import dev.perimeter.labs.harness.json.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a proxy's access log.
 *
 * @param process the process that wrote it, such as {@code payment-v1-0-proxy}
 * @param fields all fields that have a value, as texts
 */
public record AccessLogLine(String process, Map<String, String> fields) {

    /**
     * The order in which hops were passed: one that lies further out begins no later and ends no earlier than those
     * inside it.
     */
    public static final Comparator<AccessLogLine> OUTERMOST_FIRST = Comparator.comparing(AccessLogLine::time)
            .thenComparing(
                    Comparator.comparingLong(AccessLogLine::durationMillis).reversed())
            .thenComparingInt(AccessLogLine::rank);

    /** Reads one line; empty when it is none, or is not whole yet. */
    public static Optional<AccessLogLine> parse(String process, String line) {
        try {
            Map<String, String> fields = new LinkedHashMap<>();
            Json.object(line).forEach((name, value) -> {
                if (value != null) {
                    fields.put(name, value.toString());
                }
            });
            return fields.isEmpty() ? Optional.empty() : Optional.of(new AccessLogLine(process, fields));
        } catch (IllegalArgumentException halfWritten) {
            return Optional.empty();
        }
    }

    /** A field, or the empty text when it has no value. */
    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Whether the line tells of this request. */
    public boolean of(String requestId) {
        return field("request_id").equals(requestId);
    }

    /** {@code gateway}, {@code inbound} or {@code outbound}. */
    public String direction() {
        return field("direction");
    }

    private Instant time() {
        try {
            return Instant.parse(field("time"));
        } catch (java.time.DateTimeException unreadable) {
            return Instant.EPOCH;
        }
    }

    private long durationMillis() {
        String text = field("duration_ms");
        return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : 0;
    }

    /** Breaks ties of hops that began and ended in the same millisecond. */
    private int rank() {
        return direction().equals("gateway") ? 0 : process.startsWith("order") ? rankOf("inbound", 1, 2) : 3;
    }

    private int rankOf(String first, int yes, int no) {
        return direction().equals(first) ? yes : no;
    }
}
