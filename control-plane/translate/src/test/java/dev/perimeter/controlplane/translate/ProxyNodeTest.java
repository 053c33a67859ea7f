package dev.perimeter.controlplane.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyNodeTest {
    @ParameterizedTest
    @CsvSource({
        "sidecar~shop/a, INTERCEPTION, explicit, node.metadata.POD_IP is missing; a sidecar must say it in its"
                + " bootstrap.",
        "sidecar~shop/a, POD_IP, 127.1.4.1, node.metadata.APP_ADDRESS is missing; a sidecar must say it in its"
                + " bootstrap.",
        "sidecar~shop/a, INTERCEPTION, redirect, 'node.metadata.INTERCEPTION is \"redirect\"; only \"explicit\" is"
                + " served so far.'",
        "mesh~shop/a, POD_IP, 127.1.4.1, 'node.id \"mesh~shop/a\" has the unknown role \"mesh\"; the roles are"
                + " sidecar, gateway and proxyless.'",
    })
    void node_thatCannotBeServed_isToldWhatIsMissingInItsBootstrap(String id, String key, String value, String why) {
        Node node = Node.newBuilder()
                .setId(id)
                .setMetadata(Struct.newBuilder()
                        .putFields(key, Value.newBuilder().setStringValue(value).build()))
                .build();

        assertThat(ProxyNode.parse(node)).isEqualTo(new ProxyNode.Unknown(why));
    }
}
