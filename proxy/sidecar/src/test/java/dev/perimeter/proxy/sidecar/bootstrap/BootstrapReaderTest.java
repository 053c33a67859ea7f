package dev.perimeter.proxy.sidecar.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.perimeter.proxy.filter.Parsed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BootstrapReaderTest {

    private static final String GOOD = """
        node:
          id: sidecar~shop/payment-v1-0
          cluster: payment-v1
          metadata: {POD_IP: 127.1.5.1, LABELS: {app: payment}}
        admin:
          address: {socket_address: {address: 127.1.5.1, port_value: 15000}}
        dynamic_resources:
          ads_config:
            api_type: GRPC
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: xds}}]
          lds_config: {resource_api_version: V3, ads: {}}
          cds_config: {resource_api_version: V3, ads: {}}
        static_resources:
          clusters:
            - name: xds
              type: STATIC
              connect_timeout: 1s
              http2_protocol_options: {}
              load_assignment:
                cluster_name: xds
                endpoints:
                  - lb_endpoints:
                      - endpoint: {address: {socket_address: {address: 127.1.1.1, port_value: 15010}}}
        """;

    @Test
    void goodBootstrap_isRead() {
        Bootstrap bootstrap = read(GOOD);
        assertThat(bootstrap.nodeId()).isEqualTo("sidecar~shop/payment-v1-0");
        assertThat(bootstrap.metadata().get("LABELS")).isEqualTo(Map.of("app", "payment"));
        assertThat(bootstrap.admin()).hasToString("/127.1.5.1:15000");
        assertThat(bootstrap.controlPlanes().get("xds").addresses().getFirst()).hasToString("/127.1.1.1:15010");
    }

    @Test
    void json_withTheNamesOfProtobufsJson_isReadToo() {
        String json = """
            {"node": {"id": "gateway~shop/gateway"},
             "admin": {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 15000}}},
             "dynamicResources": {
               "adsConfig": {"apiType": "GRPC", "transportApiVersion": "V3",
                 "grpcServices": [{"envoyGrpc": {"clusterName": "xds"}}]},
               "ldsConfig": {"ads": {}}, "cdsConfig": {"ads": {}}},
             "staticResources": {"clusters": [{"name": "xds",
               "typedExtensionProtocolOptions": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                 "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                 "explicitHttpConfig": {"http2ProtocolOptions": {
                   "connectionKeepalive": {"interval": "30s", "timeout": "2.5s"}}}}},
               "loadAssignment": {"clusterName": "xds", "endpoints": [{"lbEndpoints": [{"endpoint":
                 {"address": {"socketAddress": {"address": "127.0.0.1", "portValue": 15010}}}}]}]}}]}}
            """;
        Bootstrap bootstrap = read(json);
        assertThat(bootstrap.nodeId()).isEqualTo("gateway~shop/gateway");
        assertThat(bootstrap.controlPlanes().get("xds").keepalive().interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(bootstrap.controlPlanes().get("xds").keepalive().timeout()).isEqualTo(Duration.ofMillis(2500));
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                arguments("node.id: is missing", "  id: sidecar~shop/payment-v1-0\n", ""),
                arguments("node.id: must not be empty", "sidecar~shop/payment-v1-0", "''"),
                arguments(
                        "layered_runtime.layers[0].static_layer[overload.limit]: is not supported yet; remove it",
                        "admin:",
                        "layered_runtime: {layers: [{name: a, static_layer: {overload.limit: 5}}]}\nadmin:"),
                arguments("hds_config: is not supported yet; remove it", "admin:", "hds_config: {}\nadmin:"),
                arguments(
                        "admin.address.socket_address.address: `0.0.0.0` is not a loopback address; whoever reaches the"
                                + " admin pages can drain the proxy",
                        "{address: 127.1.5.1",
                        "{address: 0.0.0.0"),
                arguments(
                        "admin.address.socket_address.port_value: 70000 must be between 0 and 65535", "15000", "70000"),
                arguments("admin.address.socket_address.port_value: must be a whole number", "15000", "many"),
                arguments(
                        "dynamic_resources.ads_config.api_type: must be GRPC or DELTA_GRPC; other ways to get the"
                                + " configuration are not supported yet",
                        "api_type: GRPC",
                        "api_type: REST"),
                arguments(
                        "dynamic_resources.ads_config.transport_api_version: `V2` must be V3",
                        "transport_api_version: V3",
                        "transport_api_version: V2"),
                arguments(
                        "dynamic_resources.lds_config.ads: is missing",
                        "lds_config: {resource_api_version: V3, ads: {}}",
                        "lds_config: {resource_api_version: V3}"),
                arguments(
                        "static_resources.clusters: there is no cluster `other`, which dynamic_resources names",
                        "cluster_name: xds}}]",
                        "cluster_name: other}}]"),
                arguments(
                        "static_resources.listeners[0].nome: Cannot find field: nome in message"
                                + " envoy.config.listener.v3.Listener",
                        "static_resources:\n",
                        "static_resources:\n  listeners: [{nome: in}]\n"),
                arguments(
                        "static_resources.clusters[0].type: `EDS` is not supported for a control plane, only STATIC,"
                                + " STRICT_DNS and LOGICAL_DNS are",
                        "type: STATIC",
                        "type: EDS"),
                arguments(
                        "static_resources.clusters[0].transport_socket: is not supported yet; remove it",
                        "http2_protocol_options: {}",
                        "http2_protocol_options: {}\n      transport_socket: {name: tls}"),
                arguments(
                        "static_resources.clusters[0].typed_extension_protocol_options: is missing",
                        "      http2_protocol_options: {}\n",
                        ""),
                arguments(
                        "static_resources.clusters[0].load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address:"
                            + " `control-plane` is not an IP address; names are not resolved here",
                        "127.1.1.1",
                        "control-plane"),
                arguments("line 5: found duplicate key node", "admin:", "node: {}\nadmin:"),
                arguments(
                        "cluster_manager.local_cluster_name: there is no cluster `payment` for traffic in"
                                + " static_resources",
                        "admin:",
                        "cluster_manager: {local_cluster_name: payment}\nadmin:"),
                arguments(
                        "cluster_manager.load_stats_config: is not supported yet; remove it",
                        "admin:",
                        "cluster_manager: {load_stats_config: {api_type: GRPC}}\nadmin:"),
                arguments("must be an object", GOOD, "- a list"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void badBootstrap_isRefusedWithTheSentence(String sentence, String before, String after) {
        String text = GOOD.replace(before, after);
        assertThat(text).isNotEqualTo(GOOD);
        assertThat(BootstrapReader.read(text))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.sentence()).isEqualTo(sentence));
    }

    @Test
    void bottomlessText_isRefusedInASentence() {
        String deep = "node: {metadata: {a: " + "[".repeat(100_000) + "]".repeat(100_000) + "}}";
        for (String text : List.of(
                deep, "node: &a {metadata: *a}", "node: {metadata: {a: " + "[".repeat(120) + "]".repeat(120) + "}}")) {
            assertThat(BootstrapReader.read(text))
                    .isInstanceOfSatisfying(
                            Parsed.Bad.class, bad -> assertThat(bad.sentence()).contains("nested too deeply"));
        }
    }

    @Test
    void noYaml_isRefusedWithItsLine() {
        assertThat(BootstrapReader.read("node: {id: x\nadmin: ]"))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class, bad -> assertThat(bad.sentence()).startsWith("line 2: "));
    }

    private static Bootstrap read(String text) {
        return switch (BootstrapReader.read(text)) {
            case Parsed.Ok<Bootstrap>(Bootstrap bootstrap) -> bootstrap;
            case Parsed.Bad<Bootstrap> bad -> throw new AssertionError(bad.sentence());
        };
    }
}
