package dev.perimeter.labs.harness.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlTree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.workload.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operator would change in a Deployment: the label that brings the proxy, the number of replicas, variables of
 * its container.
 *
 * @param sidecar null to leave it
 * @param replicas null to leave it
 * @param env variables to set; those not named stay
 */
public record WorkloadChange(
        String namespace,
        String name,
        @Nullable Boolean sidecar,
        @Nullable Integer replicas,
        Map<String, String> env) {
    public WorkloadChange {
        env = Map.copyOf(env);
    }

    /** Only the label that brings the proxy. */
    public static WorkloadChange sidecar(String name, boolean wanted) {
        return new WorkloadChange("shop", name, wanted, null, Map.of());
    }

    /** Only the number of replicas. */
    public static WorkloadChange replicas(String name, int wanted) {
        return new WorkloadChange("shop", name, null, wanted, Map.of());
    }

    void writeTo(ResourceStore resources) {
        ObjectKey key = new ObjectKey("Deployment", namespace, name);
        String text = resources
                .text(key)
                .orElseThrow(
                        () -> new Refused("There is no %s; scripts/lab get deployments lists them.".formatted(key)));
        if (!(YamlTree.parse(text, 1) instanceof YamlTree.Read read
                && read.tree() instanceof Tree.Mapping deployment)) {
            throw new Refused("%s is no Deployment; correct it first.".formatted(resources.fileOf(key)));
        }
        Tree.Mapping spec = mapping(deployment, "spec");
        if (replicas != null) {
            spec = spec.with("replicas", Tree.of(replicas));
        }
        Tree.Mapping template = mapping(spec, "template");
        if (sidecar != null) {
            Tree.Mapping metadata = mapping(template, "metadata");
            Tree.Mapping labels = mapping(metadata, "labels").with(Pod.INJECT_LABEL, Tree.of(sidecar.toString()));
            template = template.with("metadata", metadata.with("labels", labels));
        }
        if (!env.isEmpty()) {
            template = template.with("spec", withVariables(mapping(template, "spec")));
        }
        Tree.Mapping changed = deployment.with("spec", spec.with("template", template));
        resources.apply(key.toString(), YamlWriter.write(changed));
    }

    private Tree.Mapping withVariables(Tree.Mapping podSpec) {
        List<Tree> containers = new ArrayList<>(items(podSpec.get("containers")));
        if (containers.isEmpty() || !(containers.getFirst() instanceof Tree.Mapping container)) {
            return podSpec;
        }
        List<Tree> variables = new ArrayList<>(items(container.get("env")));
        variables.removeIf(variable -> variable instanceof Tree.Mapping mapping
                && mapping.get("name") instanceof Tree.Scalar known
                && env.containsKey(known.text()));
        env.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> variables.add(Tree.of(Map.of("name", entry.getKey(), "value", entry.getValue()))));
        containers.set(0, container.with("env", new Tree.Sequence(0, variables)));
        return podSpec.with("containers", new Tree.Sequence(0, containers));
    }

    private static List<Tree> items(@Nullable Tree tree) {
        return tree instanceof Tree.Sequence sequence ? sequence.items() : List.of();
    }

    private static Tree.Mapping mapping(Tree.Mapping parent, String name) {
        return parent.get(name) instanceof Tree.Mapping mapping ? mapping : new Tree.Mapping(0, List.of());
    }
}
