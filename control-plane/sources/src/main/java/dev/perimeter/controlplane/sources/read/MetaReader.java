package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Problems;
import dev.perimeter.controlplane.sources.field.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata}, and tells the problems of the object what it is called once that is known. */
final class MetaReader {
    private final String file;
    private final int line;
    private final Kind kind;
    private final Problems problems;
    private @Nullable ObjectKey key;

    MetaReader(String file, int line, Kind kind, Problems problems) {
        this.file = file;
        this.line = line;
        this.kind = kind;
        this.problems = problems;
    }

    /** The name, once {@link #read} found a valid one. */
    @Nullable
    ObjectKey key() {
        return key;
    }

    Meta read(Fields fields) {
        Value value = fields.required("metadata", "Add metadata with a name.");
        Meta meta = value == null ? null : value.object(this::metadata);
        return meta == null ? new Meta(new ObjectKey(kind.name(), "", ""), Map.of(), null, file, line) : meta;
    }

    private Meta metadata(Fields fields) {
        int before = problems.found().size();
        String name = "";
        Value nameValue = fields.required("name", "Give the object a name.");
        if (nameValue != null) {
            name = nameValue.text(kind.name().equals("Service") ? Form.LABEL : Form.NAME);
        }
        String namespace = namespace(fields);
        ObjectKey named = new ObjectKey(kind.name(), namespace, name);
        if (problems.found().size() == before) {
            key = named;
            problems.about(named);
        }
        fields.harmless(
                "annotations",
                "finalizers",
                "generateName",
                "generation",
                "managedFields",
                "ownerReferences",
                "resourceVersion",
                "uid");
        return new Meta(named, fields.texts("labels"), created(fields), file, line);
    }

    private String namespace(Fields fields) {
        if (kind.namespaced()) {
            Value value = fields.required("namespace", "Name the namespace the object lives in.");
            return value == null ? "" : value.text(Form.LABEL);
        }
        if (fields.value("namespace") != null) {
            fields.problem(
                    "namespace", "does not belong here: a " + kind.name() + " is of the whole cluster.", "Remove it.");
        }
        return "";
    }

    private static @Nullable Instant created(Fields fields) {
        Value value = fields.value("creationTimestamp");
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(value.text());
        } catch (DateTimeParseException wrong) {
            value.problem("is no point in time.", "Remove it; the API server sets it.");
            return null;
        }
    }
}
