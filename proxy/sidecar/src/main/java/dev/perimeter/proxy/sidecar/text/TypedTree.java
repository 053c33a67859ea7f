package dev.perimeter.proxy.sidecar.text;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree in the spelling that protobuf's JSON reader for Java wants, where Envoy's is more liberal or less: names of enums
 * may be in any case, truths may be said in texts, one thing may stand for a list of it; but a truth or a number is no text.
 * What this knows nothing of it leaves as it is, for the reader to judge.
 */
final class TypedTree {

    /** As a text; any case will do (Abseil's {@code SimpleAtob}). */
    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");

    private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");

    private @Nullable String wrongPath;
    private String wrong = "";

    /** Where something is that cannot be meant, or null. */
    @Nullable
    String wrongPath() {
        return wrongPath;
    }

    String wrong() {
        return wrong;
    }

    /** The tree of a message. */
    Map<Object, @Nullable Object> message(Map<?, ?> tree, Descriptor type, String path) {
        Map<Object, @Nullable Object> typed = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            String name = String.valueOf(key);
            FieldDescriptor field = field(type, name);
            typed.put(key, field == null ? value : field(value, field, path.isEmpty() ? name : path + "." + name));
        });
        return typed;
    }

    private static @Nullable FieldDescriptor field(Descriptor type, String name) {
        FieldDescriptor field = type.findFieldByName(name);
        if (field != null) {
            return field;
        }
        for (FieldDescriptor each : type.getFields()) {
            if (each.getJsonName().equals(name)) {
                return each;
            }
        }
        return null;
    }

    private @Nullable Object field(@Nullable Object value, FieldDescriptor field, String path) {
        if (value == null) {
            return null;
        }
        if (field.isMapField()) {
            return value instanceof Map<?, ?> map
                    ? entries(map, field.getMessageType().findFieldByNumber(2), path)
                    : value;
        }
        if (!field.isRepeated()) {
            return single(value, field, path);
        }
        if (!(value instanceof List<?> list)) {
            return List.of(single(value, field, path));
        }
        List<@Nullable Object> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object item = list.get(i);
            items.add(item == null ? null : single(item, field, path + "[" + i + "]"));
        }
        return items;
    }

    private Map<Object, @Nullable Object> entries(Map<?, ?> map, FieldDescriptor of, String path) {
        Map<Object, @Nullable Object> entries = new LinkedHashMap<>();
        map.forEach((key, value) -> entries.put(key, value == null ? null : single(value, of, path + "[" + key + "]")));
        return entries;
    }

    private Object single(Object value, FieldDescriptor field, String path) {
        return switch (field.getJavaType()) {
            case MESSAGE -> ofMessage(value, field.getMessageType(), path);
            case ENUM -> value instanceof String name ? enumName(name, field) : number(value, path);
            case BOOLEAN -> value instanceof String text ? truth(text) : value;
            case STRING, BYTE_STRING -> text(value, path);
            default -> number(value, path);
        };
    }

    private Object ofMessage(Object value, Descriptor type, String path) {
        String name = type.getFullName();
        if (!name.startsWith("google.protobuf.")) {
            return value instanceof Map<?, ?> map ? message(map, type, path) : value;
        }
        if (name.equals("google.protobuf.Any")) {
            return value instanceof Map<?, ?> map ? any(map, path) : value;
        }
        boolean wrapsOne = name.endsWith("Value")
                && !name.equals("google.protobuf.Value")
                && !name.equals("google.protobuf.ListValue");
        if (!wrapsOne) {
            return value; // A Struct takes all there is.
        }
        // Written as the scalar that is in it, or as a message like any other.
        Object inside = value instanceof Map<?, ?> map && map.size() == 1 ? map.get("value") : null;
        return single(inside == null ? value : inside, type.findFieldByNumber(1), path);
    }

    private Object any(Map<?, ?> map, String path) {
        Descriptor type = map.get("@type") instanceof String url ? MessageTypes.find(url) : null;
        // Types with a JSON of their own stand under `value`, which is no field of theirs.
        return type == null || type.getFullName().startsWith("google.protobuf.") ? map : message(map, type, path);
    }

    private Object text(Object value, String path) {
        if (value instanceof Boolean || value instanceof Number) {
            refuse(
                    path,
                    "`" + value + "` is " + (value instanceof Number ? "a number" : "yes or no")
                            + " and must be a text; put it in quotes as it is meant");
        }
        return value;
    }

    private Object number(Object value, String path) {
        if (value instanceof Boolean) {
            refuse(path, "`" + value + "` must be a number");
        }
        return value;
    }

    private static Object truth(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return TRUE.contains(lower) ? (Object) true : FALSE.contains(lower) ? (Object) false : text;
    }

    private static String enumName(String name, FieldDescriptor field) {
        for (EnumValueDescriptor value : field.getEnumType().getValues()) {
            if (value.getName().equalsIgnoreCase(name)) {
                return value.getName();
            }
        }
        return name;
    }

    private void refuse(String path, String reason) {
        if (wrongPath == null) {
            wrongPath = path;
            wrong = reason;
        }
    }
}
