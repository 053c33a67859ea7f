package dev.perimeter.endtoend.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import dev.perimeter.labs.harness.shop.OrderLoad.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each process is killed while orders are on their way; none is lost, none is paid twice. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillsTest {
    private static final int ORDERS = 200;
    private static final int WHEN = 50;

    /** What those say that lose the killed one. Nobody may warn that a payment or a proxy is gone: that is routine. */
    private static final String[] WARNINGS = {
        "^(gateway|.*-proxy).log: .* WARN AdsClient - no control plane at ",
        "^(order-processor|payment-v[12])-0.log: .* WARN .* (Thrown|Rest|Grpc)Problems: database: ",
        "^(order-processor|payment-v[12])-0.log: .* ERROR .* (Commit|Application) exception overridden by rollback",
        "^order-processor-0.log: .* WARN .* PendingOrders: pending orders cannot be read, trying on: ",
        "^order-processor-0.log: .* WARN .* (OrdersOverRest|PendingOrders): order .* stays PENDING: ",
    };

    private RunningMesh system;

    @BeforeAll
    void up(@TempDir Path home) throws IOException {
        system = new RunningMesh(home, WARNINGS);
    }

    @AfterAll
    void down() {
        system.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"control-plane", "payment-v1-0", "payment-v2-0-proxy"})
    void processKilled_noClientNoticesIt(String process) {
        List<Outcome> outcomes = placeAndKill(process);

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.reply().taken())
                        .as(outcome.reply().toString())
                        .isTrue());
        system.up();
        system.assertBooksBalance();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "order-processor-0", "order-processor-0-proxy", "database", "local-node"})
    void processKilled_ordersWithoutAnAnswerCanBeRepeatedAfterUp(String process) {
        List<Outcome> outcomes = placeAndKill(process);
        system.up();

        List<Request> unanswered = outcomes.stream()
                .filter(outcome -> !outcome.reply().taken())
                .map(Outcome::request)
                .toList();
        assertThat(system.place(unanswered, done -> {}))
                .allSatisfy(outcome -> assertThat(outcome.reply().taken())
                        .as(outcome.reply().toString())
                        .isTrue());
        system.assertBooksBalance();
    }

    /** Kills when some orders are through; the status is right just before and just after. */
    private List<Outcome> placeAndKill(String process) {
        assertThat(system.mesh().status().allReady()).isTrue();
        List<Outcome> outcomes = system.place(RunningMesh.orders(ORDERS), done -> {
            if (done == WHEN) {
                system.kill(process);
                MeshStatus status = system.mesh().status();
                assertThat(status.process(process).map(ProcessStatus::state)).contains(State.DEAD);
                assertThat(status.allReady()).isFalse();
            }
        });
        assertThat(outcomes).hasSize(ORDERS);
        return outcomes;
    }
}
