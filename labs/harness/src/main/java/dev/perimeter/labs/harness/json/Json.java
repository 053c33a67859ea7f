package dev.perimeter.labs.harness.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259) as plain Java values: {@code Map}, {@code List}, {@code String}, {@code Long}, {@code Double},
 * {@code Boolean} and null. The command must start in a blink and reads only small documents, so it does without a
 * data-binding library.
 */
public final class Json {
    private Json() {}

    /**
     * The value of one whole document.
     *
     * @throws IllegalArgumentException if the text is not JSON; the message names the offset
     */
    public static @Nullable Object parse(String text) {
        return new JsonReader(text).document();
    }

    /**
     * The document as an object with its fields in order.
     *
     * @throws IllegalArgumentException if the text is not JSON or is no object
     */
    public static Map<String, @Nullable Object> object(String text) {
        return asObject(parse(text));
    }

    /** The value as an object; an empty one when it is something else. */
    public static Map<String, @Nullable Object> asObject(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return Map.of();
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        map.forEach((name, field) -> object.put(String.valueOf(name), field));
        return object;
    }

    /** The value as a list; an empty one when it is something else. */
    public static List<? extends @Nullable Object> asList(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /** The value as text; null stays null. */
    public static @Nullable String asText(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    /** One line, no spaces. Accepts what {@link #parse} answers, plus any {@code Number} and {@code CharSequence}. */
    public static String write(@Nullable Object value) {
        return new JsonWriter(false).write(value);
    }

    /** Indented by two spaces, for files and terminals. */
    public static String pretty(@Nullable Object value) {
        return new JsonWriter(true).write(value);
    }
}
