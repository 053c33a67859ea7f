package dev.perimeter.proxy.route;

/**
 * One change to a header block, applied in the order of the list. Values may hold command operators; what they leave
 * empty is not written, unless a change keeps empty values.
 */
public sealed interface HeaderEdit {

    /** Replaces what there is, or adds. */
    record Set(String name, String value, boolean keepEmpty) implements HeaderEdit {
        public Set(String name, String value) {
            this(name, value, false);
        }
    }

    /** Adds to what there is. */
    record Append(String name, String value, boolean keepEmpty) implements HeaderEdit {
        public Append(String name, String value) {
            this(name, value, false);
        }
    }

    /** Adds if there is none of that name. */
    record AddIfAbsent(String name, String value, boolean keepEmpty) implements HeaderEdit {}

    /** Replaces what there is, and does nothing if there is none. */
    record Replace(String name, String value, boolean keepEmpty) implements HeaderEdit {}

    record Remove(String name) implements HeaderEdit {}
}
