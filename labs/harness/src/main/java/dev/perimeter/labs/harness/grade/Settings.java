package dev.perimeter.labs.harness.grade;

import dev.perimeter.controlplane.sources.Document;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.Toggle;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.workload.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the toggles of a lab stand in a mesh. Read from the resources, not from a note of what was typed: labs share
 * toggles, and a person may change a Deployment by hand.
 *
 * @param now value by toggle; a toggle that stands at none of its values is left out
 * @param usual the values in a mesh that was just made
 */
public record Settings(Map<String, String> now, Map<String, String> usual) {

    /** Those of the lab's toggles in that mesh, running or not. */
    public static Settings of(LabManifest lab, Mesh mesh) {
        return of(
                lab,
                deployments(List.of(mesh.home().resources().resolve("shop/Deployment"))),
                deployments(mesh.checkout().manifests()));
    }

    private static Settings of(LabManifest lab, Map<String, Tree.Mapping> now, Map<String, Tree.Mapping> usual) {
        return new Settings(values(lab, now), values(lab, usual));
    }

    private static Map<String, String> values(LabManifest lab, Map<String, Tree.Mapping> deployments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Toggle toggle : lab.toggles()) {
            toggle.values().entrySet().stream()
                    .filter(value -> value.getValue().stream().allMatch(step -> holds(step, deployments)))
                    .findFirst()
                    .ifPresent(value -> values.put(toggle.name(), value.getKey()));
        }
        return values;
    }

    /** Such as {@code sidecar=on transport=rest}. */
    public String text() {
        return now.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }

    /** One sentence for each toggle that does not stand where a new mesh has it, with the command that puts it back. */
    public List<String> away(LabManifest lab) {
        List<String> away = new ArrayList<>();
        usual.forEach((toggle, value) -> {
            String stands = now.getOrDefault(toggle, value);
            if (!stands.equals(value)) {
                away.add("%s is %s, not %s as in a new mesh; scripts/lab toggle %s %s=%s puts it back."
                        .formatted(toggle, stands, value, lab.id(), toggle, value));
            }
        });
        return away;
    }

    private static Map<String, Tree.Mapping> deployments(List<Path> folders) {
        Map<String, Tree.Mapping> found = new HashMap<>();
        for (Path folder : folders) {
            for (Path file : files(folder)) {
                for (Document document : ResourceReader.readFile(file).documents()) {
                    if (document.key() != null
                            && document.tree() != null
                            && document.key().kind().equals("Deployment")) {
                        found.put(document.key().name(), document.tree());
                    }
                }
            }
        }
        return found;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static boolean holds(Toggle.Step step, Map<String, Tree.Mapping> deployments) {
        return switch (step) {
            // What a file of resources asks for is not read back.
            case Toggle.Step.Apply _ -> false;
            case Toggle.Step.Workload wanted -> {
                Tree.Mapping spec = mapping(deployments.get(wanted.name()), "spec");
                Tree.Mapping template = mapping(spec, "template");
                String inject = text(mapping(mapping(template, "metadata"), "labels"), Pod.INJECT_LABEL);
                yield deployments.containsKey(wanted.name())
                        && wanted.sidecar()
                                .map(on -> on == inject.equals("true"))
                                .orElse(true)
                        && wanted.replicas()
                                .map(count -> count.toString().equals(text(spec, "replicas")))
                                .orElse(true)
                        && wanted.env().entrySet().stream()
                                .allMatch(each -> each.getValue().equals(variable(template, each.getKey())));
            }
        };
    }

    private static String variable(Tree.Mapping template, String name) {
        return Optional.ofNullable(mapping(template, "spec").get("containers")).stream()
                .flatMap(Settings::items)
                .limit(1)
                .flatMap(container -> Stream.ofNullable(((Tree.Mapping) container).get("env")))
                .flatMap(Settings::items)
                .map(Tree.Mapping.class::cast)
                .filter(variable -> text(variable, "name").equals(name))
                .map(variable -> text(variable, "value"))
                .findFirst()
                .orElse("");
    }

    private static Stream<Tree> items(Tree tree) {
        return tree instanceof Tree.Sequence sequence
                ? sequence.items().stream().filter(Tree.Mapping.class::isInstance)
                : Stream.of();
    }

    private static Tree.Mapping mapping(Tree.@Nullable Mapping parent, String name) {
        return parent != null && parent.get(name) instanceof Tree.Mapping mapping
                ? mapping
                : new Tree.Mapping(0, List.of());
    }

    private static String text(Tree.Mapping parent, String name) {
        return parent.get(name) instanceof Tree.Scalar scalar ? scalar.text() : "";
    }
}
