package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.Deployment;
import dev.perimeter.controlplane.model.Deployment.Container;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code apps/v1} Deployment as far as a local node runs one: replicas, the template's labels, one container.
 * Fields that only tell a cluster how to run the pod are harmless here; probes are known from the service's port.
 */
final class DeploymentReader {
    private static final Container NO_CONTAINER = new Container("", "", List.of(), List.of());

    private DeploymentReader() {}

    static Deployment read(Meta meta, Fields fields) {
        fields.harmless("status");
        Value spec = fields.required("spec", "Add spec with selector and template.");
        Deployment deployment = spec == null ? null : spec.object(inner -> spec(meta, inner));
        return deployment == null ? new Deployment(meta, 0, Map.of(), NO_CONTAINER) : deployment;
    }

    private static Deployment spec(Meta meta, Fields fields) {
        fields.harmless("minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit", "strategy");
        Value replicas = fields.value("replicas");
        Value selector = fields.required("selector", "Add selector.matchLabels, equal to labels of the template.");
        Map<String, String> wanted = selector == null ? null : selector.object(inner -> inner.texts("matchLabels"));
        Value template = fields.required("template", "Add template with metadata.labels and spec.containers.");
        Pod pod = template == null ? null : template.object(DeploymentReader::template);
        if (pod != null && wanted != null && !pod.labels().entrySet().containsAll(wanted.entrySet())) {
            fields.problem(
                    "selector",
                    "asks for labels the template does not carry.",
                    "Make spec.selector.matchLabels equal to labels of spec.template.metadata.labels.");
        }
        return new Deployment(
                meta,
                replicas == null ? 1 : replicas.number(0, 1000),
                pod == null ? Map.of() : pod.labels(),
                pod == null ? NO_CONTAINER : pod.container());
    }

    private record Pod(Map<String, String> labels, Container container) {}

    private static Pod template(Fields fields) {
        Map<String, String> labels = fields.object("metadata", metadata -> {
            metadata.harmless("annotations", "creationTimestamp", "name");
            return metadata.texts("labels");
        });
        Value spec = fields.required("spec", "Add spec with a container.");
        Container container = spec == null ? null : spec.object(DeploymentReader::podSpec);
        return new Pod(labels == null ? Map.of() : labels, container == null ? NO_CONTAINER : container);
    }

    private static Container podSpec(Fields fields) {
        fields.harmless(
                "automountServiceAccountToken",
                "dnsPolicy",
                "restartPolicy",
                "securityContext",
                "serviceAccountName",
                "terminationGracePeriodSeconds",
                "volumes");
        List<Container> containers = fields.list("containers", DeploymentReader::container);
        if (containers.size() != 1) {
            fields.problem("containers", "must hold exactly one container.", "Describe the pod's one container.");
            return NO_CONTAINER;
        }
        return containers.getFirst();
    }

    private static Container container(Fields fields) {
        fields.harmless(
                "args",
                "command",
                "imagePullPolicy",
                "lifecycle",
                "livenessProbe",
                "readinessProbe",
                "resources",
                "securityContext",
                "startupProbe",
                "volumeMounts",
                "workingDir");
        Value name = fields.required("name", "Give the container a name.");
        Value image = fields.required("image", "Name the image.");
        return new Container(
                name == null ? "" : name.text(Form.LABEL),
                image == null ? "" : image.text(),
                fields.list("env", DeploymentReader::variable),
                fields.list("ports", DeploymentReader::port));
    }

    private static Deployment.EnvVar variable(Fields fields) {
        Value name = fields.required("name", "Name the variable.");
        Value value = fields.value("value");
        fields.unsupported("valueFrom", "Write the value itself in \"value\".");
        return new Deployment.EnvVar(name == null ? "" : name.text(Form.VARIABLE), value == null ? "" : value.text());
    }

    private static Deployment.Port port(Fields fields) {
        @Nullable Value name = fields.value("name");
        Value number = fields.required("containerPort", "Write the number the container listens on.");
        Value protocol = fields.value("protocol");
        if (protocol != null) {
            protocol.word(List.of("TCP"), word -> word);
        }
        return new Deployment.Port(name == null ? "" : name.text(Form.LABEL), number == null ? 1 : number.port());
    }
}
