package dev.perimeter.proxy.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Header fields in the order and case in which they were received (RFC 9110 section 5.3: order matters within a name).
 * Names are compared without case. Not thread-safe; belongs to one exchange.
 */
public final class Headers {

    private final List<String> names = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    public int size() {
        return names.size();
    }

    public String name(int index) {
        return names.get(index);
    }

    public String value(int index) {
        return values.get(index);
    }

    /** The first value of the field, or null. */
    public @Nullable String get(String name) {
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                return values.get(i);
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return get(name) != null;
    }

    public void add(String name, String value) {
        names.add(name);
        values.add(value);
    }

    /** Replaces every field of that name by one. */
    public void set(String name, String value) {
        remove(name);
        add(name, value);
    }

    public void remove(String name) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).equalsIgnoreCase(name)) {
                names.remove(i);
                values.remove(i);
            }
        }
    }
}
