package dev.perimeter.controlplane.sources.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a document, as written: nothing is known yet of what it means. Immutable. */
public sealed interface Tree {
    /** The line it starts at, from 1; 0 if it never stood in a text. */
    int line();

    /** How the node is called in a sentence, such as {@code a list}. */
    String described();

    /** Named fields in the order written; names are distinct. */
    record Mapping(int line, List<Field> fields) implements Tree {
        public Mapping {
            fields = List.copyOf(fields);
        }

        /** The value of a field, null if there is no such field. */
        public @Nullable Tree get(String name) {
            Field field = field(name);
            return field == null ? null : field.value();
        }

        /** A field, null if there is none of that name. */
        public @Nullable Field field(String name) {
            for (Field field : fields) {
                if (field.name().equals(name)) {
                    return field;
                }
            }
            return null;
        }

        /** The same mapping with one field replaced in its place, or added at the end. */
        public Mapping with(String name, Tree value) {
            List<Field> changed = new ArrayList<>(fields);
            Field old = field(name);
            if (old == null) {
                changed.add(new Field(name, 0, value));
            } else {
                changed.set(fields.indexOf(old), new Field(name, old.line(), value));
            }
            return new Mapping(line, changed);
        }

        @Override
        public String described() {
            return "a mapping";
        }
    }

    /** One named value of a mapping; the line is that of the name. */
    record Field(String name, int line, Tree value) {}

    /** Values in order. */
    record Sequence(int line, List<Tree> items) implements Tree {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String described() {
            return "a list";
        }
    }

    /** One value; the text is what was written, without quotes. */
    record Scalar(int line, Type type, String text) implements Tree {
        @Override
        public String described() {
            return switch (type) {
                case TEXT -> "the text \"" + text + "\"";
                case NUMBER -> "the number " + text;
                case BOOLEAN -> text;
                case NULL -> "nothing";
            };
        }
    }

    /** What a scalar is by the rules of YAML 1.2's core schema. */
    enum Type {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /** A tree from maps, lists, strings, numbers and booleans, for edits made by a program. */
    static Tree of(@Nullable Object value) {
        return switch (value) {
            case null -> new Scalar(0, Type.NULL, "");
            case Tree tree -> tree;
            case Map<?, ?> map ->
                new Mapping(
                        0,
                        map.entrySet().stream()
                                .map(entry -> new Field(String.valueOf(entry.getKey()), 0, of(entry.getValue())))
                                .toList());
            case List<?> list -> new Sequence(0, list.stream().map(Tree::of).toList());
            case Number number -> new Scalar(0, Type.NUMBER, number.toString());
            case Boolean bool -> new Scalar(0, Type.BOOLEAN, bool.toString());
            default -> new Scalar(0, Type.TEXT, value.toString());
        };
    }
}
