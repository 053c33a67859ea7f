package dev.perimeter.proxy.sidecar.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perimeter.proxy.sidecar.EmbeddedProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bootstrap files that stock Envoy refuses: this proxy refuses them too, and says in which file, line and field it stands. */
class BadBootstrapTest {

    @TempDir
    Path folder;

    private static final String ROUTES = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"
            + ".route_config.virtual_hosts[0].";

    /** What is said, and by what change of the front proxy's file. */
    static Stream<Arguments> bad() {
        return Stream.of(
                arguments("line 2: static_resource: is not supported", "static_resources:\n", "static_resource:\n"),
                arguments(
                        "line 4: static_resources.listeners[0].adress: Cannot find field: adress",
                        "  - address:\n      socket_address:\n        address: 127.0.0.1\n        port_value: 10000",
                        "  - adress: {}\n    name: x"),
                arguments(
                        "line 7: static_resources.listeners[0].address.socket_address.port_value: ",
                        "port_value: 10000",
                        "port_value: many"),
                arguments(
                        "address.socket_address.port_value: 70000 must be between",
                        "port_value: 10000",
                        "port_value: 70000"),
                arguments(
                        ROUTES + "routes[0].route.cluster: ",
                        "cluster: service1\n              - match",
                        "cluster: nowhere\n              - match"),
                arguments(
                        "http_filters[0]: the router must be the last filter",
                        "          http_filters:\n",
                        "          http_filters:\n"
                                + "          - name: first\n"
                                + "            typed_config: {\"@type\":"
                                + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}\n"),
                arguments(ROUTES + "routes[1].route.timeout: ", "timeout: 0s", "timeout: -1s"),
                arguments(
                        "static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address"
                                + ".socket_address.address: `localhost` is not an IP address",
                        "  - name: service1\n    type: STRICT_DNS\n    dns_lookup_family: V4_ONLY\n",
                        "  - name: service1\n    type: STATIC\n"),
                arguments(
                        ROUTES + "domains[1]: there is another domain",
                        "              - \"*\"\n",
                        "              - \"*\"\n              - \"*\"\n"),
                arguments(
                        ROUTES + "routes[0].route.weighted_clusters.clusters: the sum of the weights is 0",
                        "cluster: service1\n              - match",
                        "weighted_clusters: {clusters: [{name: service1, weight: 0}]}\n              - match"),
                arguments(
                        ROUTES + "routes[0].match.safe_regex.regex: ",
                        "prefix: \"/service/1\"",
                        "safe_regex: {regex: \"(\"}"),
                arguments(
                        ": static_resources.clusters[1].connect_timeout: Failed to parse duration",
                        "connect_timeout: 0.25s",
                        "connect_timeout: 1 second"),
                arguments(
                        ": static_resources.listeners[0].filter_chains[0].filters[0].typed_config: Missing type url",
                        "          \"@type\":"
                                + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3"
                                + ".HttpConnectionManager\n",
                        ""),
                arguments(
                        ".http_filters[0].typed_config.@type: no message here has the type",
                        "filters.http.router.v3.Router",
                        "filters.http.rooter.v3.Rooter"),
                arguments(
                        "static_resources.clusters[0].load_assignment: must hold exactly one endpoint for type"
                                + " LOGICAL_DNS",
                        "  - name: service1\n"
                                + "    type: STRICT_DNS\n"
                                + "    dns_lookup_family: V4_ONLY\n"
                                + "    lb_policy: ROUND_ROBIN\n"
                                + "    load_assignment:\n"
                                + "      cluster_name: service1\n"
                                + "      endpoints:\n"
                                + "      - lb_endpoints:\n",
                        "  - name: service1\n"
                                + "    type: LOGICAL_DNS\n"
                                + "    load_assignment:\n"
                                + "      cluster_name: service1\n"
                                + "      endpoints:\n"
                                + "      - lb_endpoints:\n"
                                + "        - endpoint: {address: {socket_address: {address: b, port_value: 80}}}\n"),
                arguments(
                        "static_resources.clusters[2].name: there is another cluster `service1`",
                        "  - name: nobody\n    type: STATIC",
                        "  - name: service1\n    type: STATIC"),
                arguments(
                        "static_resources.clusters[1].connect_timeout: 0 s must be more than zero",
                        "connect_timeout: 0.25s",
                        "connect_timeout: 0s"),
                arguments(
                        ROUTES + "routes[1].route: needs at most one of prefix_rewrite",
                        "prefix_rewrite: \"/v2\"",
                        "prefix_rewrite: \"/v2\"\n"
                                + "                  regex_rewrite: {pattern: {regex: a}, substitution: b}"),
                arguments(
                        "max_request_headers_kb: 9000 must be between 1 and 8192",
                        "stat_prefix: ingress_http",
                        "stat_prefix: ingress_http\n          max_request_headers_kb: 9000"),
                arguments(
                        ROUTES + "routes[2]: needs one of route, redirect and direct_response",
                        "                route:\n                  cluster: nobody\n",
                        ""),
                arguments(
                        "line ",
                        "      socket_address:\n        address: 127.0.0.1\n        port_value: 10000\n",
                        "      socket_address: [\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void fileThatEnvoyRefuses_isRefusedWithFileLineAndField(String said, String before, String after) throws Exception {
        ParityFile good = ParityFile.read("good", "front-proxy.yaml");
        assertThat(good.text()).contains(before);
        Path file = Files.writeString(
                folder.resolve("front-proxy.yaml"),
                good.text().replace(before, after).replace("port_value: 9901", "port_value: 0"));

        assertThat(EmbeddedProxy.refusal(file))
                .startsWith("bootstrap " + file + (said.startsWith("line") ? "" : ", line "))
                .contains(said);
        assumeTrue(StockEnvoy.find().isPresent(), "envoy is not installed");
        assertThat(StockEnvoy.accepts(file)).as("Envoy accepts it").isFalse();
    }
}
