package dev.perimeter.controlplane.sources.field;

import dev.perimeter.controlplane.sources.tree.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one mapping field by field and, at its end, reports every field nobody asked for.
 *
 * <p>A reader never stops at the first problem: after one it gets a stand-in value (empty text, zero, empty list) and
 * goes on, so that a person sees all of them at once. An object with a problem is thrown away whole.
 */
public final class Fields {
    private final Tree.Mapping mapping;
    private final String path;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Set<String> untold = new HashSet<>();

    private Fields(Tree.Mapping mapping, String path, Problems problems) {
        this.mapping = mapping;
        this.path = path;
        this.problems = problems;
    }

    /** Has a reader read a whole mapping. */
    public static <T> T whole(Tree.Mapping mapping, String path, Problems problems, Function<Fields, T> reader) {
        Fields fields = new Fields(mapping, path, problems);
        T value = reader.apply(fields);
        fields.refuseTheRest();
        return value;
    }

    public int line() {
        return mapping.line();
    }

    /** The value of a field, null if it is missing or written as nothing. */
    public @Nullable Value value(String name) {
        asked.add(name);
        Tree tree = mapping.get(name);
        boolean missing = tree == null || tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.NULL;
        return missing || tree == null ? null : new Value(tree, pathOf(name), problems);
    }

    /** The value of a field that must be there; null after a problem was reported. */
    public @Nullable Value required(String name, String fix) {
        Value value = value(name);
        if (value == null) {
            problem(name, "is missing.", fix);
        }
        return value;
    }

    /** A nested mapping that may be missing. */
    public <T> @Nullable T object(String name, Function<Fields, T> reader) {
        Value value = value(name);
        return value == null ? null : value.object(reader);
    }

    /** The items of a list of mappings; none if the field is missing. */
    public <T> List<T> list(String name, Function<Fields, T> reader) {
        List<T> read = new ArrayList<>();
        for (Value item : items(name)) {
            T value = item.object(reader);
            if (value != null) {
                read.add(value);
            }
        }
        return read;
    }

    /** The items of a list of mappings that must have one at least; what is no list at all is told as just that. */
    public <T> List<T> filledList(String name, Function<Fields, T> reader, String reason, String fix) {
        Value value = value(name);
        if (value == null || value.isEmptyList()) {
            problem(name, reason, fix);
            return List.of();
        }
        return list(name, reader);
    }

    /** The items of a list; none if the field is missing. */
    public List<Value> items(String name) {
        Value value = value(name);
        return value == null ? List.of() : value.items();
    }

    /** A mapping of texts; empty if the field is missing. */
    public Map<String, String> texts(String name) {
        Map<String, String> read = new LinkedHashMap<>();
        object(name, fields -> {
            for (Tree.Field field : fields.mapping.fields()) {
                Value value = fields.value(field.name());
                read.put(field.name(), value == null ? "" : value.text());
            }
            return read;
        });
        return read;
    }

    /** Fields that may stand there and change nothing for the mesh. */
    public void harmless(String... names) {
        asked.addAll(List.of(names));
        untold.addAll(List.of(names));
    }

    /** A field that has a meaning the mesh does not have yet: refused rather than ignored. */
    public void unsupported(String name, String fix) {
        untold.add(name);
        if (value(name) != null) {
            problem(name, "is not supported yet.", fix);
        }
    }

    /** Reports a problem with a field, or with the whole mapping if the name is empty. */
    public void problem(String name, String reason, String fix) {
        Tree.Field field = mapping.field(name);
        problems.add(field == null ? line() : field.line(), name.isEmpty() ? path : pathOf(name), reason, fix);
    }

    private void refuseTheRest() {
        for (Tree.Field field : mapping.fields()) {
            if (!asked.contains(field.name())) {
                String near = Spelling.nearest(field.name(), asked);
                List<String> useful =
                        asked.stream().filter(name -> !untold.contains(name)).toList();
                String fix = near != null
                        ? "Did you mean \"" + near + "\"?"
                        : useful.isEmpty() ? "Remove it." : "Remove it; known here: " + String.join(", ", useful) + ".";
                problems.add(field.line(), pathOf(field.name()), "is an unknown field.", fix);
            }
        }
    }

    private String pathOf(String name) {
        String step = name.contains(".") || name.contains("/") ? "[\"" + name + "\"]" : name;
        return path.isEmpty() || step.startsWith("[") ? path + step : path + "." + step;
    }
}
