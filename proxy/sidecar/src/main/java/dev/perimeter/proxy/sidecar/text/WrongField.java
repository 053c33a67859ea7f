package dev.perimeter.proxy.sidecar.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The field that protobuf's JSON reader stumbled over. It says what is wrong and hardly ever where, so its words are looked
 * up in the tree: what stands there once only is what it means.
 */
final class WrongField {

    private WrongField() {}

    /** The path in the tree, or an empty one if that cannot be told. */
    static String path(Map<?, ?> tree, String sentence) {
        if (sentence.startsWith("Missing type url")) {
            return only(
                    tree,
                    (key, value) -> (key.equals("typed_config") || key.equals("typedConfig"))
                            && value instanceof Map<?, ?> map
                            && !map.containsKey("@type"));
        }
        if (sentence.startsWith("Cannot find field: ")) {
            String name = sentence.substring("Cannot find field: ".length()).split(" ", 2)[0];
            return only(tree, (key, value) -> key.equals(name));
        }
        return only(tree, (key, value) -> isScalar(value) && quotes(sentence, String.valueOf(value)));
    }

    /** Where the type stands that is not known. */
    static String ofType(Map<?, ?> tree, String url) {
        return only(tree, (key, value) -> key.equals("@type") && url.equals(value));
    }

    private static boolean isScalar(@Nullable Object value) {
        return value != null && !(value instanceof Map) && !(value instanceof List);
    }

    private static boolean quotes(String sentence, String value) {
        return !value.isEmpty() && (sentence.contains('"' + value + '"') || sentence.endsWith(": " + value));
    }

    private static String only(Map<?, ?> tree, BiPredicate<String, @Nullable Object> wanted) {
        List<String> found = new ArrayList<>();
        search("", tree, wanted, found);
        return found.size() == 1 ? found.getFirst() : "";
    }

    private static void search(
            String path, @Nullable Object tree, BiPredicate<String, @Nullable Object> wanted, List<String> found) {
        if (tree instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                String name = String.valueOf(key);
                String inner = path.isEmpty() ? name : path + "." + name;
                if (wanted.test(name, value)) {
                    found.add(inner);
                }
                search(inner, value, wanted, found);
            });
        } else if (tree instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                search(path + "[" + i + "]", list.get(i), wanted, found);
            }
        }
    }
}
