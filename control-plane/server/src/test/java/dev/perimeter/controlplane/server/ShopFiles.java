package dev.perimeter.controlplane.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a small shop into a folder of resources. */
record ShopFiles(Path folder) {
    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        // Written beside and moved, as anything that must not be read half does.
        Path written = folder.resolve("." + name + ".tmp");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void door() throws IOException {
        write("gateway-class", Files.readString(Path.of("../manifests/gateway-class.yaml")));
        write("gateway", Files.readString(Path.of("../manifests/gateway.yaml")));
    }

    void service(String name, int port, String protocol) throws IOException {
        write(name, """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: shop}
            spec: {selector: {app: %s}, ports: [{name: main, port: %d, appProtocol: %s}]}
            """.formatted(name, name, port, protocol));
    }

    void endpoint(String service, String address, int port) throws IOException {
        write(service + "-slice", """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: %s, namespace: shop, labels: {kubernetes.io/service-name: %s}}
            addressType: IPv4
            endpoints: [{addresses: [%s], targetRef: {kind: Pod, name: %s-0}}]
            ports: [{name: main, port: %d}]
            """.formatted(service, service, address, service, port));
    }

    void orders(String path, String service) throws IOException {
        write("orders", """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: orders, namespace: shop}
            spec:
              parentRefs: [{name: gateway}]
              rules:
                - matches: [{path: {value: %s}}]
                  backendRefs: [{name: %s, port: 8080}]
            """.formatted(path, service));
    }

    void split(int first, int second) throws IOException {
        write("split", """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: split, namespace: shop}
            spec:
              parentRefs: [{group: "", kind: Service, name: payment, port: 9090}]
              rules:
                - backendRefs:
                    - {name: payment-v1, port: 9090, weight: %d}
                    - {name: payment-v2, port: 9090, weight: %d}
            """.formatted(first, second));
    }
}
