package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Problems;
import dev.perimeter.controlplane.sources.field.Value;
import dev.perimeter.controlplane.sources.tree.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one tree into the object it means, or says everything that is wrong with it. */
public final class ObjectReader {
    /**
     * The answer.
     *
     * @param key what the object is called, as far as the tree says so in a valid way; null otherwise
     * @param object null if there are problems
     */
    public record Outcome(@Nullable ObjectKey key, @Nullable MeshObject object, List<Problem> problems) {}

    private ObjectReader() {}

    /** The names of the kinds that are known, such as {@code HTTPRoute}. */
    public static List<String> kinds() {
        return Kind.names();
    }

    /** Reads a tree that came from {@code file}. */
    public static Outcome read(String file, Tree.Mapping tree) {
        Problems problems = new Problems(file);
        Kind kind = Fields.whole(withoutTheRest(tree), "", problems, ObjectReader::kind);
        if (kind == null) {
            return new Outcome(null, null, List.copyOf(problems.found()));
        }
        MetaReader metaReader = new MetaReader(file, tree.line(), kind, problems);
        MeshObject object = Fields.whole(tree, "", problems, fields -> {
            fields.harmless("apiVersion", "kind");
            return kind.reader().apply(metaReader.read(fields), fields);
        });
        boolean good = problems.found().isEmpty();
        return new Outcome(metaReader.key(), good ? object : null, List.copyOf(problems.found()));
    }

    /** The two fields that say how to read all the others. */
    private static Tree.Mapping withoutTheRest(Tree.Mapping tree) {
        return new Tree.Mapping(
                tree.line(),
                tree.fields().stream()
                        .filter(field -> field.name().equals("apiVersion")
                                || field.name().equals("kind"))
                        .toList());
    }

    private static @Nullable Kind kind(Fields fields) {
        Value version = fields.required("apiVersion", "Say which API the object is of, such as \"v1\".");
        Value name = fields.required("kind", "Say what it is: " + String.join(", ", Kind.names()) + ".");
        if (version == null || name == null) {
            return null;
        }
        String apiVersion = version.text();
        Kind kind = name.word(Kind.ALL, Kind::name);
        if (kind != null && !kind.apiVersion().equals(apiVersion)) {
            version.problem(
                    "is \"" + apiVersion + "\", in which no " + kind.name() + " is known.",
                    "Write apiVersion: " + kind.apiVersion() + ".");
            return null;
        }
        return kind;
    }
}
