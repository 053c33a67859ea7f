package dev.perimeter.labs.harness.json;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes plain values as JSON. */
final class JsonWriter {
    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;
    private int depth;

    JsonWriter(boolean pretty) {
        this.pretty = pretty;
    }

    String write(@Nullable Object value) {
        append(value);
        return out.toString();
    }

    private void append(@Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map ->
                block('{', '}', map.entrySet(), entry -> {
                    string(String.valueOf(entry.getKey()));
                    out.append(pretty ? ": " : ":");
                    append(entry.getValue());
                });
            case Collection<?> list -> block('[', ']', list, this::append);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> string(value.toString());
        }
    }

    private <T extends @Nullable Object> void block(
            char open, char close, Collection<? extends T> items, Consumer<T> item) {
        out.append(open);
        depth++;
        for (Iterator<? extends T> left = items.iterator(); left.hasNext(); ) {
            newLine();
            item.accept(left.next());
            if (left.hasNext()) {
                out.append(',');
            }
        }
        depth--;
        if (!items.isEmpty()) {
            newLine();
        }
        out.append(close);
    }

    private void newLine() {
        if (pretty) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
