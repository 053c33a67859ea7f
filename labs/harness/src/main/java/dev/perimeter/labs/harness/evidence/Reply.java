package dev.perimeter.labs.harness.evidence;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An answer to a request that a check sent.
 *
 * @param headers names in lower case
 */
public record Reply(int status, Map<String, List<String>> headers, String body) {

    /** The first value of a header, or the empty text. */
    public String header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }
}
