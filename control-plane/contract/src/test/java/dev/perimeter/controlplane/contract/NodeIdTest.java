package dev.perimeter.controlplane.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.contract.NodeId.Known;
import dev.perimeter.controlplane.contract.NodeId.Role;
import dev.perimeter.controlplane.contract.NodeId.Unknown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"sidecar~shop/payment-v1-0", "gateway~shop/gateway", "proxyless~shop/client"})
    void nodeId_parsedAndPrinted_isTheSameText(String text) {
        assertThat(NodeId.parse(text))
                .isInstanceOfSatisfying(
                        Known.class, known -> assertThat(known.id()).hasToString(text));
    }

    @Test
    void nodeId_ofASidecar_namesItsPod() {
        assertThat(NodeId.parse("sidecar~shop/payment-v1-0"))
                .isEqualTo(new Known(new NodeId(Role.SIDECAR, "shop", "payment-v1-0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "payment", "sidecar~shop", "sidecar~/pod", "sidecar~shop/", "sidecar~a/b/c", "a/b~c"})
    void nodeId_ofAnotherForm_isAnsweredByASentenceThatShowsTheForm(String text) {
        assertThat(NodeId.parse(text))
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.sentence())
                                .contains("\"" + text + "\"", "sidecar~<namespace>/<pod>"));
    }

    @Test
    void nodeId_ofAnUnknownRole_isAnsweredByTheKnownRoles() {
        assertThat(NodeId.parse("router~10.0.0.1/pod"))
                .isEqualTo(new Unknown("node.id \"router~10.0.0.1/pod\" has the unknown role \"router\"; "
                        + "the roles are sidecar, gateway and proxyless."));
    }
}
