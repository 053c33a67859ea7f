package dev.perimeter.controlplane.sources.field;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what is wrong with one object while it is read. */
public final class Problems {
    private final String file;
    private final List<Problem> found = new ArrayList<>();
    private @Nullable ObjectKey object;

    public Problems(String file) {
        this.file = file;
    }

    /** From here on the problems, also the ones already found, are those of this object. */
    public void about(ObjectKey key) {
        object = key;
        found.replaceAll(problem ->
                new Problem(key, problem.file(), problem.line(), problem.field(), problem.reason(), problem.fix()));
    }

    public void add(int line, String field, String reason, String fix) {
        found.add(new Problem(object, file, line, field, reason, fix));
    }

    public List<Problem> found() {
        return found;
    }
}
