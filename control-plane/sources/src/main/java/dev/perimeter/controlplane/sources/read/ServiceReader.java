package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a {@code v1} Service. */
final class ServiceReader {
    private ServiceReader() {}

    static Service read(Meta meta, Fields fields) {
        fields.harmless("status");
        Value spec = fields.required("spec", "Add spec with selector and ports.");
        Service service = spec == null ? null : spec.object(inner -> spec(meta, inner));
        return service == null ? new Service(meta, Map.of(), List.of()) : service;
    }

    private static Service spec(Meta meta, Fields fields) {
        fields.harmless("clusterIPs", "internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy", "sessionAffinity");
        Value type = fields.value("type");
        if (type != null) {
            type.word(List.of("ClusterIP"), word -> word);
        }
        fields.harmless("clusterIP");
        List<Service.Port> ports = fields.list("ports", ServiceReader::port);
        if (ports.isEmpty()) {
            fields.problem("ports", "has no port.", "Name at least one port.");
        }
        Set<String> names = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            Service.Port port = ports.get(i);
            String at = "ports[" + i + "]";
            if (port.name().isEmpty() && ports.size() > 1) {
                fields.problem(at, "has no name.", "With more than one port each needs a name.");
            } else if (!names.add(port.name())) {
                fields.problem(at, "has the name of another port: \"" + port.name() + "\".", "Rename one.");
            }
            if (!numbers.add(port.port())) {
                fields.problem(at, "is the port " + port.port() + " a second time.", "Remove one.");
            }
        }
        return new Service(meta, fields.texts("selector"), ports);
    }

    private static Service.Port port(Fields fields) {
        Value name = fields.value("name");
        Value number = fields.required("port", "Write the number callers use.");
        int port = number == null ? 1 : number.port();
        Value protocol = fields.value("protocol");
        if (protocol != null) {
            protocol.word(List.of("TCP"), word -> word);
        }
        Value target = fields.value("targetPort");
        Value app = fields.value("appProtocol");
        AppProtocol spoken = app == null ? null : app.word(List.of(AppProtocol.values()), AppProtocol::word);
        return new Service.Port(
                name == null ? "" : name.text(Form.LABEL),
                port,
                target == null ? new Service.Target.Number(port) : target(target),
                spoken == null ? AppProtocol.TCP : spoken);
    }

    private static Service.Target target(Value value) {
        return value.isNumber()
                ? new Service.Target.Number(value.port())
                : new Service.Target.Named(value.text(Form.LABEL));
    }
}
