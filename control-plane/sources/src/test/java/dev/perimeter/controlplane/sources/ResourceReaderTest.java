package dev.perimeter.controlplane.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.AppProtocol;
import dev.perimeter.controlplane.model.Deployment;
import dev.perimeter.controlplane.model.EndpointSlice;
import dev.perimeter.controlplane.model.Gateway;
import dev.perimeter.controlplane.model.HttpRoute;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteMatch;
import dev.perimeter.controlplane.model.Service;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceReaderTest {
    @Test
    void service_read_hasItsPortsWithWhatIsSpokenOnThem() {
        Service service = (Service) only(Resources.SERVICE);

        assertThat(service.selector()).isEqualTo(Map.of("app", "payment"));
        assertThat(service.ports())
                .containsExactly(
                        new Service.Port("http", 8080, new Service.Target.Number(8080), AppProtocol.HTTP),
                        new Service.Port("grpc", 9090, new Service.Target.Named("grpc"), AppProtocol.H2C));
    }

    @Test
    void endpointSlice_read_hasReadinessAndPods() {
        EndpointSlice slice = (EndpointSlice) only("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: payment-1
              namespace: shop
              labels:
                kubernetes.io/service-name: payment
            addressType: IPv4
            endpoints:
              - addresses: ["127.1.5.1"]
                conditions: {ready: false}
                targetRef: {kind: Pod, name: payment-v1-0, namespace: shop}
              - addresses: [127.1.6.1]
            ports:
              - {name: http, port: 8080, protocol: TCP}
              - {name: "", port: 9090}
            """);

        assertThat(slice.service()).isEqualTo("payment");
        assertThat(slice.endpoints())
                .containsExactly(
                        new EndpointSlice.Endpoint("127.1.5.1", false, "payment-v1-0"),
                        new EndpointSlice.Endpoint("127.1.6.1", true, null));
        assertThat(slice.ports()).extracting(EndpointSlice.Port::name).containsExactly("http", "");
    }

    @Test
    void deployment_read_hasWhatALocalNodeRuns() {
        Deployment deployment = (Deployment) only("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: payment-v1, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: payment}}
              template:
                metadata:
                  labels: {app: payment, version: v1, perimeter.dev/inject: "true"}
                spec:
                  containers:
                    - name: payment
                      image: perimeter/payment
                      env:
                        - {name: SERVER_PORT, value: "8080"}
                      ports:
                        - {name: http, containerPort: 8080}
                      readinessProbe: {httpGet: {path: /, port: 8080}}
            """);

        assertThat(deployment.replicas()).isEqualTo(2);
        assertThat(deployment.labels()).containsEntry("perimeter.dev/inject", "true");
        assertThat(deployment.container().env()).containsExactly(new Deployment.EnvVar("SERVER_PORT", "8080"));
        assertThat(deployment.container().port("http")).contains(8080);
    }

    @Test
    void gateway_read_hasListenersAndAddresses() {
        Gateway gateway = (Gateway) only("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gateway, namespace: shop}
            spec:
              gatewayClassName: perimeter
              addresses: [{type: IPAddress, value: 127.0.0.1}]
              listeners:
                - {name: http, port: 8080, protocol: HTTP, allowedRoutes: {namespaces: {from: Same}}}
            """);

        assertThat(gateway.addresses()).containsExactly("127.0.0.1");
        assertThat(gateway.listeners())
                .containsExactly(new Gateway.Listener("http", null, 8080, Gateway.AllowedRoutes.SAME));
    }

    @Test
    void httpRoute_read_hasMatchesFiltersWeightsAndTimeout() {
        HttpRoute route = (HttpRoute) only("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: split, namespace: shop}
            spec:
              parentRefs: [{group: "", kind: Service, name: payment, port: 8080}]
              rules:
                - matches:
                    - path: {type: Exact, value: /charges}
                      method: POST
                      headers: [{name: X-Canary, value: "yes"}]
                      queryParams: [{type: RegularExpression, name: v, value: "[0-9]+"}]
                  filters:
                    - type: RequestHeaderModifier
                      requestHeaderModifier: {set: [{name: X-A, value: "1"}], remove: [X-B]}
                  backendRefs:
                    - {name: payment-v1, port: 8080, weight: 90}
                    - {name: payment-v2, port: 8080, weight: 10}
                  timeouts: {request: 1m500ms}
            """);

        HttpRoute.Rule rule = route.rules().getFirst();
        assertThat(rule.matches())
                .containsExactly(new RouteMatch(
                        new RouteMatch.Path.Exact("/charges"),
                        "POST",
                        List.of(new RouteMatch.Named("X-Canary", "yes", false)),
                        List.of(new RouteMatch.Named("v", "[0-9]+", true))));
        assertThat(rule.filters())
                .containsExactly(new RouteFilter.RequestHeaders(new RouteFilter.HeaderEdit(
                        List.of(new RouteFilter.Header("X-A", "1")), List.of(), List.of("X-B"))));
        assertThat(rule.backends()).extracting(HttpRoute.Backend::weight).containsExactly(90, 10);
        assertThat(rule.requestTimeout()).isEqualTo(Duration.ofMillis(60_500));
    }

    @Test
    void httpRoute_withoutMatches_takesEveryRequest() {
        HttpRoute route = (HttpRoute) only(Resources.ROUTE
                .replaceAll("(?m)^ .*(matches|PathPrefix).*\n", "")
                .replace("      backendRefs", "    - backendRefs"));

        assertThat(route.rules().getFirst().matches()).containsExactly(RouteMatch.EVERYTHING);
    }

    @Test
    void json_read_isTheSameAsYaml() {
        String json = """
            {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass",
             "metadata": {"name": "perimeter", "uid": "x", "creationTimestamp": "2026-01-01T00:00:00Z"},
             "spec": {"controllerName": "perimeter.dev\\/gateway"}}
            """;

        assertThat(ResourceReader.read("a.json", json).problems()).isEmpty();
        assertThat(ResourceReader.read("a.json", json).objects().getFirst().key())
                .isEqualTo(new ObjectKey("GatewayClass", "", "perimeter"));
    }

    @Test
    void severalDocuments_oneOfThemNoYaml_othersAreReadAndTheLineIsRight() {
        Reading reading = ResourceReader.read(
                "all.yaml", "# first\n---\n" + Resources.SERVICE + "---\nkind: [\n---\n" + Resources.ROUTE);

        assertThat(reading.objects()).hasSize(2);
        assertThat(reading.accepted()).isFalse();
        Problem problem = reading.problems().getFirst();
        assertThat(problem.line()).isBetween(14, 16);
        assertThat(problem.reason()).startsWith("This is not YAML");
    }

    @Test
    void theSameObjectTwice_inOneFile_isRefused() {
        Reading reading = ResourceReader.read("all.yaml", Resources.ROUTE + "---\n" + Resources.ROUTE);

        assertThat(reading.problems())
                .singleElement()
                .extracting(Problem::reason)
                .isEqualTo("HTTPRoute shop/orders is already in this file, at line 1.");
    }

    @Test
    void emptyFile_isAProblem_soThatASaveInTwoStepsRemovesNothing() {
        assertThat(ResourceReader.read("a.yaml", "# nothing\n").problems())
                .singleElement()
                .extracting(Problem::reason)
                .isEqualTo("The file holds no resource.");
    }

    @Test
    void brokenJson_isNotCalledYaml() {
        assertThat(ResourceReader.read("a.json", "{\"kind\": \"Service\" \"x\"}")
                        .problems())
                .singleElement()
                .extracting(Problem::reason)
                .asString()
                .startsWith("This is not JSON: ");
    }

    @Test
    void tree_changedAndWritten_isReadBackWithTheChange() {
        Document document =
                ResourceReader.read("route.yaml", Resources.ROUTE).documents().getFirst();
        Tree.Mapping spec = (Tree.Mapping) document.tree().get("spec");
        Tree changed = document.tree().with("spec", spec.with("hostnames", Tree.of(List.of("shop.example.com"))));

        HttpRoute route = (HttpRoute) only(YamlWriter.write(changed));

        assertThat(route.hostnames()).containsExactly("shop.example.com");
        assertThat(route.rules()).hasSize(1);
    }

    @Test
    void objectsPlace_inAFolder_isNamespaceKindName() {
        Path folder = Path.of("resources");

        assertThat(ResourceFolder.fileOf(folder, new ObjectKey("HTTPRoute", "shop", "orders")))
                .isEqualTo(Path.of("resources/shop/HTTPRoute/orders.yaml"));
        assertThat(ResourceFolder.fileOf(folder, new ObjectKey("GatewayClass", "", "perimeter")))
                .isEqualTo(Path.of("resources/_cluster/GatewayClass/perimeter.yaml"));
    }

    private static Object only(String text) {
        Reading reading = ResourceReader.read("test.yaml", text);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.objects()).hasSize(1);
        return reading.objects().getFirst();
    }
}
