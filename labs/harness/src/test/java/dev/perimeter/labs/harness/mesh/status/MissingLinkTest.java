package dev.perimeter.labs.harness.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    @Test
    void severalDead_namesTheOneWhoseEndWasSeenSinceItsExitCodeIsKnown() {
        ProcessStatus unseen = payment("payment-v1-0", null);
        ProcessStatus seen = payment("payment-v2-0", "ended with exit code 3");

        assertThat(MissingLink.among(new MeshStatus("", 1, List.of(unseen, seen), List.of())))
                .startsWith("The missing link is payment-v2-0: it is dead (ended with exit code 3)");
    }

    private static ProcessStatus payment(String name, @Nullable String ended) {
        RunningProcess process = new RunningProcess(
                name, Role.APP, "-", null, "", List.of(), Path.of("no.log"), null, Probe.tcp("127.0.0.1", 1), ended);
        String how = ended == null ? "ended" : ended;
        return new ProcessStatus(name, Role.APP, State.DEAD, how, null, "-", null, process);
    }

    private static MeshStatus mesh(State state, String... problems) {
        ProcessStatus gateway = new ProcessStatus("gateway", Role.GATEWAY, state, "", null, "-", null, null);
        return new MeshStatus("", 1, List.of(gateway), List.of(problems));
    }
}
