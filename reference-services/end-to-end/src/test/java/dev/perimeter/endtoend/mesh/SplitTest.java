package dev.perimeter.endtoend.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.status.ObjectStatus;
import dev.perimeter.labs.harness.shop.OrderLoad.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route on a service splits its traffic while orders go on; nonsense changes nothing. */
class SplitTest {
    private static final String NONSENSE = "^control-plane.log: .* WARN ControlPlane - .*/payment-split.yaml:18: ";
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final String SPLIT = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata:
          name: payment-split
          namespace: shop
        spec:
          parentRefs:
            - group: ""
              kind: Service
              name: payment
          rules:
            - backendRefs:
                - name: payment-v1
                  port: 8080
                  weight: 0
                - name: payment-v2
                  port: 8080
                  weight: 100
        """;
    private static final ObjectKey KEY = new ObjectKey("HTTPRoute", "shop", "payment-split");

    @TempDir
    private Path folder;

    private RunningMesh system;

    @BeforeEach
    void up() throws IOException {
        system = new RunningMesh(folder.resolve("lab"), NONSENSE);
    }

    @AfterEach
    void down() {
        system.close();
    }

    @Test
    void route_onAService_movesTrafficWithoutAFailedRequest() {
        List<Outcome> outcomes = new ArrayList<>(system.place(RunningMesh.orders(200), done -> {
            if (done == 50) {
                system.mesh().apply("split.yaml", SPLIT);
            }
        }));
        outcomes.addAll(placeUntilAllReachVersion2());

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.reply().paid())
                        .as(outcome.reply().toString())
                        .isTrue());
        assertThat(linesOf("payment-v2-0-proxy")).isPositive();
        system.assertBooksBalance();
    }

    @Test
    void nonsense_appliedOrSaved_isToldWithFileLineAndFieldAndChangesNothing() throws IOException {
        system.mesh().apply("split.yaml", SPLIT);
        placeUntilAllReachVersion2();
        Path file = folder.resolve("nonsense.yaml");
        Files.writeString(file, SPLIT.replace("weight: 100", "weight: heavy"));

        assertThatThrownBy(() -> system.mesh().apply(file))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("nonsense.yaml:18")
                .hasMessageContaining("spec.rules[0].backendRefs[1].weight");

        // An editor does not ask: the control plane must say it, and keep what it has.
        Path saved = system.mesh().resources().fileOf(KEY);
        Files.copy(file, saved, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(BOUND).untilAsserted(() -> {
            ObjectStatus status =
                    ObjectStatus.of(system.mesh().state(), system.mesh().resources());
            assertThat(status.answered()).isTrue();
            assertThat(status.problems())
                    .singleElement()
                    .asString()
                    .contains(saved + ":18", "spec.rules[0].backendRefs[1].weight");
        });
        assertThat(placeUntilAllReachVersion2())
                .allMatch(outcome -> outcome.reply().paid());
    }

    /** Orders, twenty at a time, until none of twenty reaches payment-v1; answers all of them. */
    private List<Outcome> placeUntilAllReachVersion2() {
        List<Outcome> outcomes = new ArrayList<>();
        await().atMost(BOUND).untilAsserted(() -> {
            long before = linesOf("payment-v1-0-proxy");
            outcomes.addAll(system.place(RunningMesh.orders(20), done -> {}));
            assertThat(linesOf("payment-v1-0-proxy"))
                    .as("calls that reached payment-v1")
                    .isEqualTo(before);
        });
        return outcomes;
    }

    /** How many requests that proxy has logged. */
    private long linesOf(String proxy) {
        Path log = Objects.requireNonNull(
                Objects.requireNonNull(system.mesh().process(proxy).process()).accessLog());
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("inbound/8080")).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
