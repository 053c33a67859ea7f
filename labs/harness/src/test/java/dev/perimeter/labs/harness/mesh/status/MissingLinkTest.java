package dev.perimeter.labs.harness.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.run.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingLinkTest {
    private static final String PROBLEM = "/lab/resources/shop/HTTPRoute/orders.yaml:3: is missing. Add it.";

    @Test
    void orderThatDoesNotCross_badFileComesFirst() {
        assertThat(MissingLink.of("404", null, mesh(State.READY, PROBLEM)).lines())
                .first()
                .isEqualTo("Not every resource is accepted; mend this first:");
        assertThat(MissingLink.of("404", null, mesh(State.READY, PROBLEM)))
                .containsSubsequence(PROBLEM, "an order does not cross: the gateway answered 404");
    }

    @Test
    void processThatIsDead_isNamedAfterTheBadFile() {
        assertThat(MissingLink.among(mesh(State.DEAD, PROBLEM)))
                .containsSubsequence(PROBLEM, "The missing link is gateway: it is dead");
    }

    @Test
    void goodFiles_areNotSpokenOf() {
        assertThat(MissingLink.among(mesh(State.DEAD))).startsWith("The missing link is gateway");
    }

    private static MeshStatus mesh(State state, String... problems) {
        ProcessStatus gateway = new ProcessStatus("gateway", Role.GATEWAY, state, "", null, "-", null, null);
        return new MeshStatus("", 1, List.of(gateway), List.of(problems));
    }
}
