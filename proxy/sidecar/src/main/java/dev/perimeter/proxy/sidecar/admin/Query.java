package dev.perimeter.proxy.sidecar.admin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query of an admin page's URL, decoded. A name may stand there several times, and without a value. */
public final class Query {

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** Null when it cannot be decoded. */
    static @Nullable Query parse(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        try {
            for (String pair : text.split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                    String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
                }
            }
        } catch (IllegalArgumentException malformed) {
            return null;
        }
        return new Query(values);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The first value, or null. */
    public @Nullable String get(String name) {
        List<String> all = values.get(name);
        return all == null ? null : all.getFirst();
    }

    public String get(String name, String absent) {
        String value = get(name);
        return value == null ? absent : value;
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether a switch is on: it is there, and does not say 0 or false. */
    public boolean isOn(String name) {
        String value = get(name);
        return value != null && !value.equals("0") && !value.equals("false");
    }

    public Set<String> names() {
        return values.keySet();
    }
}
