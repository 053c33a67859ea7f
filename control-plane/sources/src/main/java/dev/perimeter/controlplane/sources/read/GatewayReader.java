package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.Gateway.AllowedRoutes;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads a Gateway API Gateway with HTTP listeners. */
final class GatewayReader {
    private static final Function<String, String> ITSELF = word -> word;

    private GatewayReader() {}

    static Gateway read(Meta meta, Fields fields) {
        fields.harmless("status");
        Value spec = fields.required("spec", "Add spec with gatewayClassName and listeners.");
        Gateway gateway = spec == null ? null : spec.object(inner -> spec(meta, inner));
        return gateway == null ? new Gateway(meta, "", List.of(), List.of()) : gateway;
    }

    private static Gateway spec(Meta meta, Fields fields) {
        Value className = fields.required("gatewayClassName", "Name the class, such as \"perimeter\".");
        fields.unsupported("infrastructure", "Remove it.");
        fields.unsupported("backendTLS", "Remove it.");
        List<Gateway.Listener> listeners = fields.list("listeners", GatewayReader::listener);
        if (listeners.isEmpty()) {
            fields.problem("listeners", "has no listener.", "Add a listener with name, port and protocol.");
        }
        Set<String> names = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (int i = 0; i < listeners.size(); i++) {
            Gateway.Listener listener = listeners.get(i);
            if (!names.add(listener.name())) {
                fields.problem(
                        "listeners[" + i + "].name", "\"" + listener.name() + "\" is taken already.", "Rename one.");
            }
            if (!places.add(listener.port() + " " + listener.hostname())) {
                fields.problem(
                        "listeners[" + i + "]",
                        "has the port and the hostname of another listener.",
                        "Give one of them another port or hostname.");
            }
        }
        return new Gateway(
                meta,
                className == null ? "" : className.text(Form.NAME),
                listeners,
                fields.list("addresses", GatewayReader::address));
    }

    private static Gateway.Listener listener(Fields fields) {
        Value name = fields.required("name", "Give the listener a name.");
        Value hostname = fields.value("hostname");
        Value port = fields.required("port", "Write the port to listen on.");
        Value protocol = fields.required("protocol", "Write protocol: HTTP.");
        if (protocol != null) {
            protocol.word(List.of("HTTP"), ITSELF);
        }
        fields.unsupported("tls", "Remove it and use protocol HTTP.");
        AllowedRoutes routes = fields.object("allowedRoutes", GatewayReader::allowedRoutes);
        return new Gateway.Listener(
                name == null ? "" : name.text(Form.NAME),
                hostname == null ? null : hostname.text(Form.HOST),
                port == null ? 1 : port.port(),
                routes == null ? AllowedRoutes.SAME : routes);
    }

    private static AllowedRoutes allowedRoutes(Fields fields) {
        for (Value kind : fields.items("kinds")) {
            kind.object(inner -> {
                inner.harmless("group");
                Value name = inner.required("kind", "Write kind: HTTPRoute.");
                return name == null ? "" : name.word(List.of("HTTPRoute"), ITSELF);
            });
        }
        String from = fields.object("namespaces", namespaces -> {
            namespaces.unsupported("selector", "Use from: Same or from: All.");
            Value value = namespaces.value("from");
            String word = value == null ? null : value.word(List.of("Same", "All"), ITSELF);
            return word == null ? "Same" : word;
        });
        return "All".equals(from) ? AllowedRoutes.ALL : AllowedRoutes.SAME;
    }

    private static String address(Fields fields) {
        Value type = fields.value("type");
        if (type != null) {
            type.word(List.of("IPAddress"), ITSELF);
        }
        Value value = fields.required("value", "Write the IP address to listen on.");
        return value == null ? "" : value.text(Form.IPV4);
    }
}
