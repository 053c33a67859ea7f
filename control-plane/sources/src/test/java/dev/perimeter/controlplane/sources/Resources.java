package dev.perimeter.controlplane.sources;

/** Good resources for tests to start from. */
final class Resources {
    static final String SERVICE = """
        apiVersion: v1
        kind: Service
        metadata:
          name: payment
          namespace: shop
        spec:
          selector: {app: payment}
          ports:
            - {name: http, port: 8080, appProtocol: http}
            - {name: grpc, port: 9090, targetPort: grpc, appProtocol: kubernetes.io/h2c}
        """;

    static final String ROUTE = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: orders
          namespace: shop
        spec:
          parentRefs:
            - name: gateway
          rules:
            - matches:
                - path: {type: PathPrefix, value: /orders}
              backendRefs:
                - {name: order-processor, port: 8080}
        """;

    private Resources() {}
}
