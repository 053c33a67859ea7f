package dev.perimeter.proxy.sidecar.text;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists and scalars as JSON (RFC 8259), two spaces a level. */
public final class Json {

    private Json() {}

    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "\n", out);
        return out.append('\n').toString();
    }

    private static void write(@Nullable Object value, String newline, StringBuilder out) {
        switch (value) {
            case null -> out.append("null");
            case Raw(String json) -> out.append(json.strip().replace("\n", newline));
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(newline).append("  ");
                    text(String.valueOf(entry.getKey()), out);
                    out.append(": ");
                    write(entry.getValue(), newline + "  ", out);
                    separator = ",";
                }
                out.append(map.isEmpty() ? "{}" : newline + "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object item : list) {
                    out.append(separator).append(newline).append("  ");
                    write(item, newline + "  ", out);
                    separator = ",";
                }
                out.append(list.isEmpty() ? "[]" : newline + "]");
            }
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> text(value.toString(), out);
        }
    }

    /** JSON that is written already. */
    public record Raw(String json) {}

    private static void text(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ') {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
