package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.Meta;
import dev.perimeter.controlplane.model.Namespace;
import dev.perimeter.controlplane.sources.field.Fields;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The kinds of resource that are known.
 *
 * @param namespaced whether its objects live in a namespace rather than in the cluster
 * @param reader reads what stands beside {@code apiVersion}, {@code kind} and {@code metadata}
 */
record Kind(String apiVersion, String name, boolean namespaced, BiFunction<Meta, Fields, MeshObject> reader) {
    private static final String GATEWAY_API = "gateway.networking.k8s.io/v1";

    /** The catalogue. */
    static final List<Kind> ALL = List.of(
            new Kind("v1", "Namespace", false, Kind::namespace),
            new Kind("v1", "Service", true, ServiceReader::read),
            new Kind("discovery.k8s.io/v1", "EndpointSlice", true, EndpointSliceReader::read),
            new Kind("apps/v1", "Deployment", true, DeploymentReader::read),
            new Kind(GATEWAY_API, "GatewayClass", false, GatewayClassReader::read),
            new Kind(GATEWAY_API, "Gateway", true, GatewayReader::read),
            new Kind(GATEWAY_API, "HTTPRoute", true, HttpRouteReader::read));

    static List<String> names() {
        return ALL.stream().map(Kind::name).toList();
    }

    static Optional<Kind> of(String name) {
        return ALL.stream().filter(kind -> kind.name.equals(name)).findFirst();
    }

    private static MeshObject namespace(Meta meta, Fields fields) {
        fields.harmless("spec", "status");
        return new Namespace(meta);
    }
}
