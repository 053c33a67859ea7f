package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.run.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the control plane says of each object: conditions, as the Gateway API has them, and problems of files. */
public final class ObjectStatus {
    private final boolean answered;
    private final Map<ObjectKey, List<Map<String, @Nullable Object>>> conditions = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ObjectStatus(Optional<Map<String, @Nullable Object>> status, ResourceStore resources) {
        this.answered = status.isPresent();
        status.ifPresentOrElse(this::read, () -> problems.addAll(resources.problems()));
    }

    /** As of now; without a control plane there is nothing known of any object but what is wrong with its file. */
    public static ObjectStatus of(Optional<RunState> mesh, ResourceStore resources) {
        return new ObjectStatus(
                mesh.filter(state -> !state.processes().isEmpty()).flatMap(ObjectStatus::ask), resources);
    }

    private static Optional<Map<String, @Nullable Object>> ask(RunState state) {
        return Console.of(state).status();
    }

    private void read(Map<String, @Nullable Object> status) {
        for (Object each : Json.asList(status.get("objects"))) {
            Map<String, @Nullable Object> object = Json.asObject(each);
            ObjectKey key = new ObjectKey(
                    String.valueOf(object.get("kind")),
                    object.get("namespace") == null ? "" : String.valueOf(object.get("namespace")),
                    String.valueOf(object.get("name")));
            conditions.put(
                    key,
                    Json.asList(object.get("conditions")).stream()
                            .map(Json::asObject)
                            .toList());
        }
        for (Object each : Json.asList(status.get("problems"))) {
            Map<String, @Nullable Object> problem = Json.asObject(each);
            Problem told = new Problem(
                    null,
                    String.valueOf(problem.get("file")),
                    Integer.parseInt(String.valueOf(problem.get("line"))),
                    problem.get("field") == null ? "" : String.valueOf(problem.get("field")),
                    String.valueOf(problem.get("reason")),
                    String.valueOf(problem.get("fix")));
            problems.add(told.toString());
        }
    }

    /** Whether the control plane answered. */
    public boolean answered() {
        return answered;
    }

    /** What is wrong with files: file, line, field, reason, fix. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** What is wrong with one file. */
    public List<String> problemsOf(Path file) {
        return problems.stream()
                .filter(problem -> problem.startsWith(file + ":"))
                .toList();
    }

    /** {@code Accepted Programmed} or what is not so, with the reason. */
    public String inShort(ObjectKey key) {
        return String.join(
                " ",
                of(key).stream()
                        .map(condition -> "True".equals(condition.get("status"))
                                ? String.valueOf(condition.get("type"))
                                : "not %s (%s)".formatted(condition.get("type"), condition.get("reason")))
                        .toList());
    }

    /** One sentence a condition. */
    public List<String> sentences(ObjectKey key) {
        return of(key).stream()
                .map(condition -> "%s: %s %s"
                        .formatted(
                                condition.get("type"),
                                condition.get("status"),
                                condition.get("message") == null ? "" : condition.get("message"))
                        .strip())
                .toList();
    }

    private List<Map<String, @Nullable Object>> of(ObjectKey key) {
        return conditions.getOrDefault(key, List.of());
    }

    /** For {@code get --json}. */
    public Map<String, @Nullable Object> toJson(ObjectKey key) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", key.kind());
        json.put("namespace", key.namespace());
        json.put("name", key.name());
        json.put("conditions", of(key));
        return json;
    }
}
