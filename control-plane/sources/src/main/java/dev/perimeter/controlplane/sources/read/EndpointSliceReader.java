package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads a {@code discovery.k8s.io/v1} EndpointSlice. Unlike the API server it takes loopback addresses, because the
 * pods of a mesh on one machine live there.
 */
final class EndpointSliceReader {
    private static final Function<String, String> ITSELF = word -> word;

    private EndpointSliceReader() {}

    static EndpointSlice read(Meta meta, Fields fields) {
        String service = meta.labels().getOrDefault(EndpointSlice.SERVICE_LABEL, "");
        if (service.isEmpty()) {
            fields.problem(
                    "metadata.labels",
                    "has no " + EndpointSlice.SERVICE_LABEL + ".",
                    "Add the label with the name of the service the endpoints belong to.");
        }
        Value type = fields.required("addressType", "Write addressType: IPv4.");
        if (type != null) {
            type.word(List.of("IPv4"), ITSELF);
        }
        List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
        fields.list("endpoints", EndpointSliceReader::endpoints).forEach(endpoints::addAll);
        return new EndpointSlice(meta, service, endpoints, fields.list("ports", EndpointSliceReader::port));
    }

    /** Kubernetes allows several addresses but gives no meaning to any but the first. */
    private static List<EndpointSlice.Endpoint> endpoints(Fields fields) {
        fields.harmless("nodeName", "zone", "hostname", "hints");
        List<Value> addresses = fields.items("addresses");
        if (addresses.isEmpty()) {
            fields.problem("addresses", "has no address.", "Write the pod's IPv4 address.");
            return List.of();
        }
        Boolean ready = fields.object("conditions", conditions -> {
            conditions.harmless("serving", "terminating");
            Value value = conditions.value("ready");
            return value == null || value.bool();
        });
        String pod = fields.object("targetRef", EndpointSliceReader::pod);
        String address = addresses.getFirst().text(Form.IPV4);
        // No word about readiness counts as ready, as the API defines it.
        boolean named = pod != null && !pod.isEmpty();
        return List.of(new EndpointSlice.Endpoint(address, ready == null || ready, named ? pod : null));
    }

    private static String pod(Fields fields) {
        fields.harmless("apiVersion", "fieldPath", "namespace", "resourceVersion", "uid");
        Value kind = fields.required("kind", "Write kind: Pod.");
        Value name = fields.required("name", "Name the pod.");
        boolean isPod = kind != null && "Pod".equals(kind.word(List.of("Pod"), ITSELF));
        return isPod && name != null ? name.text(Form.NAME) : "";
    }

    private static EndpointSlice.Port port(Fields fields) {
        fields.harmless("appProtocol");
        Value name = fields.value("name");
        Value number = fields.required("port", "Write the pod's port number.");
        Value protocol = fields.value("protocol");
        if (protocol != null) {
            protocol.word(List.of("TCP"), ITSELF);
        }
        // The only port of a service has the empty name in its slices.
        boolean named = name != null && !name.isEmptyText();
        return new EndpointSlice.Port(
                named && name != null ? name.text(Form.LABEL) : "", number == null ? 1 : number.port());
    }
}
