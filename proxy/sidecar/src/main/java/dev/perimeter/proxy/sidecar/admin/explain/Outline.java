package dev.perimeter.proxy.sidecar.admin.explain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A tree of maps, lists and words as indented text. */
final class Outline {

    private Outline() {}

    static String of(List<Map<String, Object>> trees) {
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> tree : trees) {
            map(tree, "", text);
            text.append('\n');
        }
        return text.isEmpty() ? "there is no HTTP listener\n" : text.toString();
    }

    private static void map(Map<?, ?> map, String indent, StringBuilder text) {
        map.forEach((name, value) -> {
            text.append(indent).append(name).append(':');
            value(value, indent, text);
        });
    }

    private static void value(@Nullable Object value, String indent, StringBuilder text) {
        switch (value) {
            case null -> text.append(" none\n");
            case Map<?, ?> inner -> {
                text.append('\n');
                map(inner, indent + "  ", text);
            }
            case List<?> items -> {
                text.append(items.isEmpty() ? " none\n" : "\n");
                items.forEach(
                        item -> text.append(indent).append("  - ").append(item).append('\n'));
            }
            default -> text.append(' ').append(value).append('\n');
        }
    }
}
