package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.util.Map;

/** Writes one line for each exchange or TCP connection when it has ended. Called on event loops; must not block. */
public interface AccessLog {

    /** Adds the line, its end included, to what the event loop will hand to standard output. */
    void write(Journal journal, LineBuffer out);

    /**
     * An access log on standard output with one JSON object a line (Envoy: stdout access logger with {@code json_format}).
     *
     * @param fields name to literal or command operators; Numbers stand as they are
     */
    static Parsed<AccessLog> jsonOnStandardOutput(Map<String, Object> fields) {
        return JsonAccessLog.parse(fields);
    }
}
