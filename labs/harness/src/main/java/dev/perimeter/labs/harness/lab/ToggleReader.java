package dev.perimeter.labs.harness.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code toggles/NAME.yaml}: the values of one switch and the steps of each. */
final class ToggleReader {

    private ToggleReader() {}

    static Toggle read(Path folder, String name) {
        Path file = folder.resolve("toggles").resolve(name + ".yaml");
        return YamlFile.read(file, root -> {
            root.oneOf("schema", List.of("perimeter/toggle/v1"));
            Map<String, List<Toggle.Step>> values = new LinkedHashMap<>();
            root.inner("values", all -> {
                for (String value : all.names()) {
                    values.put(value, all.list(value, step -> step(step, file.resolveSibling("x"))));
                }
                return values;
            });
            if (values.size() < 2) {
                root.problem("values", "a switch has at least two values");
            }
            return new Toggle(name, values);
        });
    }

    private static Toggle.Step step(Fields step, Path beside) {
        if (step.names().contains("apply")) {
            String file = step.text("apply");
            if (!Files.isRegularFile(beside.resolveSibling(file))) {
                step.problem("apply", "no such file beside the toggle: " + file);
            }
            return new Toggle.Step.Apply(file);
        }
        return step.inner("workload", ToggleReader::workload)
                .<Toggle.Step>map(found -> found)
                .orElseGet(() -> {
                    step.problem("workload", "a step is `apply: file.yaml` or `workload: {name: …}`");
                    return new Toggle.Step.Apply("");
                });
    }

    private static Toggle.Step.Workload workload(Fields fields) {
        Optional<Boolean> sidecar = fields.names().contains("sidecar")
                ? Optional.of(fields.oneOf("sidecar", List.of("on", "off")).equals("on"))
                : Optional.empty();
        Optional<Integer> replicas =
                fields.names().contains("replicas") ? Optional.of(fields.number("replicas", 0)) : Optional.empty();
        return new Toggle.Step.Workload(fields.text("name"), sidecar, replicas, fields.map("env"));
    }
}
