package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.sources.Reading;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.controlplane.translate.Translator;
import java.util.List;

/** Worlds for tests, written as an operator writes them. */
final class Worlds {
    static final String DOOR = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: perimeter}
        spec: {controllerName: perimeter.dev/gateway}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: gateway, namespace: shop}
        spec:
          gatewayClassName: perimeter
          listeners: [{name: http, port: 8080, protocol: HTTP}]
        """;

    private Worlds() {}

    static Translator of(String... texts) {
        Reading reading = ResourceReader.read("world.yaml", String.join("---\n", texts));
        if (!reading.accepted()) {
            throw new AssertionError(reading.problems());
        }
        return new Translator(new MeshConfig(reading.objects(), List.of()));
    }

    static String service(String name) {
        return """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: shop}
            spec: {selector: {app: %s}, ports: [{name: http, port: 8080, appProtocol: http}]}
            """.formatted(name, name);
    }

    static String endpoints(String service, String address) {
        return """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %s, namespace: shop, labels: {kubernetes.io/service-name: %s}}
            addressType: IPv4
            endpoints: [{addresses: [%s], targetRef: {kind: Pod, name: %s-0}}]
            ports: [{name: http, port: 8080}]
            """.formatted(service, service, address, service);
    }

    static String route(String path, String service) {
        return """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: orders, namespace: shop}
            spec:
              parentRefs: [{name: gateway}]
              rules: [{matches: [{path: {value: %s}}], backendRefs: [{name: %s, port: 8080}]}]
            """.formatted(path, service);
    }
}
