package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.util.Map;
import java.util.function.Predicate;

/** Writes one line for each exchange or TCP connection when it has ended. Called on event loops; must not block. */
public interface AccessLog {

    /** Adds the line, its end included, to what the event loop will hand to standard output. */
    void write(Journal journal, LineBuffer out);

    /**
     * An access log on standard output in text (Envoy: {@code text_format_source}).
     *
     * @param format with command operators, its end of line included; empty for Envoy's default
     */
    static Parsed<AccessLog> textOnStandardOutput(String format) {
        return TextAccessLog.parse(format.isEmpty() ? TextAccessLog.DEFAULT : format);
    }

    /** This log of those alone that are wanted. @param wanted asked on event loops; must not block */
    default AccessLog only(Predicate<Journal> wanted) {
        return new FilteredAccessLog(wanted, this);
    }

    /**
     * An access log on standard output with one JSON object a line (Envoy: stdout access logger with {@code json_format}).
     *
     * @param fields name to literal or command operators; Numbers stand as they are
     */
    static Parsed<AccessLog> jsonOnStandardOutput(Map<String, Object> fields) {
        return JsonAccessLog.parse(fields);
    }
}
