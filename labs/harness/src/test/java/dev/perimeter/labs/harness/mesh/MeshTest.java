package dev.perimeter.labs.harness.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What becomes of a mesh that runs: kills, bad files, changed workloads, and its end. */
class MeshTest extends MeshStory {
    @Test
    void child_killed_staysDeadAndVisibleUntilUp() {
        Map<String, Long> before = pids(mesh.up(options, Progress.SILENT));

        kill(mesh.process("payment-v1"));

        ProcessStatus dead = mesh.process("payment-v1");
        assertThat(dead.state()).isEqualTo(State.DEAD);
        await().atMost(BOUND).untilAsserted(() -> {
            assertThat(slice("payment-v1")).contains("ready: false");
            assertThat(mesh.process("payment-v1").reason()).isEqualTo("ended by signal 9");
        });
        assertThat(slice("payment-v2")).contains("ready: true");

        Map<String, Long> after = pids(mesh.up(options, Progress.SILENT));

        assertThat(after.remove("payment-v1-0")).isNotEqualTo(before.remove("payment-v1-0"));
        assertThat(after).isEqualTo(before);
        assertThat(slice("payment-v1")).contains("ready: true");
    }

    @Test
    void controlPlane_killed_upReturnsOnlyWhenEveryProxyHasAConfigurationFromTheNewOne() throws IOException {
        mesh.up(options, Progress.SILENT);
        kill(mesh.process("control-plane"));
        clone.fault(ProgramModule.CONTROL_PLANE, "late");

        MeshStatus again = mesh.up(options, Progress.SILENT);

        assertThat(again.processes())
                .filteredOn(ProcessStatus::takesConfig)
                .hasSize(4)
                .allSatisfy(proxy -> assertThat(proxy.version()).contains("listeners=1a"));
    }

    @Test
    void deployment_brokenByHand_runsOnAsItWasThroughDownAndUp_andStatusNamesTheLine() throws IOException {
        mesh.up(options, Progress.SILENT);
        Path file = mesh.resources().fileOf(new ObjectKey("Deployment", "shop", "payment-v1"));
        Files.writeString(file, Files.readString(file).replace("replicas:", "replicaz:"));

        mesh.down(Progress.SILENT);
        MeshStatus again = mesh.up(options, Progress.SILENT);

        assertThat(again.process("payment-v1-0")).isPresent();
        assertThat(again.allReady()).isTrue();
        assertThat(again.problems())
                .singleElement()
                .asString()
                .startsWith(file + ":")
                .contains("replicaz", "Did you mean \"replicas\"?");
    }

    @Test
    void fileNobodyCanRead_doesNotKeepUpFromComingUp_andIsNamed() throws IOException {
        mesh.home().prepare();
        Path deep = home.resources().resolve("shop/HTTPRoute/deep.yaml");
        Files.createDirectories(deep.getParent());
        Files.writeString(deep, "[".repeat(100_000));

        MeshStatus status = mesh.up(options, Progress.SILENT);

        assertThat(status.allReady()).isTrue();
        assertThat(status.problems()).singleElement().asString().startsWith(deep + ":1: ");
    }

    @Test
    void processThatHangs_statusAdvisesItsLog_sinceUpCannotMendIt() throws Exception {
        mesh.up(options, Progress.SILENT);
        long pid = Objects.requireNonNull(mesh.process("payment-v1").pid());
        signal("STOP", pid);
        try {
            assertThat(mesh.status().summary())
                    .isEqualTo("1 of 10 processes is not ready; payment-v1-0 runs, so its log tells more:"
                            + " scripts/lab logs payment-v1-0.");
        } finally {
            signal("CONT", pid);
        }
    }

    @Test
    void node_killed_upTakesOverTheLivingAndStartsTheDead() {
        Map<String, Long> before = pids(mesh.up(options, Progress.SILENT));
        kill(mesh.process(Mesh.NODE));
        kill(mesh.process("gateway"));

        MeshStatus headless = mesh.status();
        assertThat(headless.process(Mesh.NODE).orElseThrow().state()).isEqualTo(State.DEAD);
        assertThat(headless.process("gateway").orElseThrow().state()).isEqualTo(State.DEAD);
        assertThat(headless.process("payment-v1-0").orElseThrow().state()).isEqualTo(State.READY);

        MeshStatus again = mesh.up(options, Progress.SILENT);

        assertThat(again.allReady()).as(again.toString()).isTrue();
        Map<String, Long> after = pids(again);
        for (String renewed : List.of(Mesh.NODE, "gateway")) {
            assertThat(after.remove(renewed)).isNotEqualTo(before.remove(renewed));
        }
        assertThat(after).isEqualTo(before);
    }

    @Test
    void down_countsEveryProcessThatStatusShows() {
        int shown = mesh.up(options, Progress.SILENT).processes().size();
        List<String> lines = new ArrayList<>();

        assertThat(mesh.down(lines::add)).isEqualTo(shown);
        assertThat(lines).containsExactly("Ending " + shown + " processes.");
        assertThat(mesh.down(lines::add)).isZero();
        assertThat(lines).hasSize(1);
    }

    @Test
    void down_nodeKilled_endsTheChildrenNevertheless() {
        mesh.up(options, Progress.SILENT);
        kill(mesh.process(Mesh.NODE));

        assertThat(mesh.down(Progress.SILENT)).isEqualTo(9);

        assertThat(ours()).isEmpty();
        assertThat(mesh.status().processes()).isEmpty();
    }

    @Test
    void down_numberReusedByAStranger_leavesTheStrangerAlone() throws IOException {
        mesh.up(options, Progress.SILENT);
        kill(mesh.process(Mesh.NODE));
        kill(mesh.process("payment-v1"));
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            RunState state = mesh.state().orElseThrow();
            List<RunningProcess> forged = state.processes().stream()
                    .map(process -> process.name().equals("payment-v1-0") ? withPid(process, stranger.pid()) : process)
                    .toList();
            new RunState(state.settings(), state.phase(), state.node(), state.token(), state.numbers(), forged)
                    .write(home.runFile());

            assertThat(mesh.process("payment-v1").state()).isEqualTo(State.DEAD);
            mesh.down(Progress.SILENT);

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void down_keepsLogsAndTheLearnersFiles_cleanKeepsTheLatter() throws IOException {
        mesh.up(options, Progress.SILENT);
        Path mine = Files.createDirectories(home.learner()).resolve("progress.json");
        Files.writeString(mine, "{}");

        mesh.down(Progress.SILENT);
        assertThat(home.logs().resolve("gateway.log")).exists();

        RunData.remove(home);
        assertThat(mine).exists();
        assertThat(home.logs()).doesNotExist();
        assertThat(home.resources()).doesNotExist();
        assertThat(home.lastGood()).doesNotExist();
    }

    @Test
    void workload_sidecarOff_applicationTakesThePodsAddressAndTheProxyGoes() {
        mesh.up(options, Progress.SILENT);
        String with = mesh.process("order-processor").address();

        mesh.workload(WorkloadChange.sidecar("order-processor", false));

        MeshStatus status = mesh.status();
        assertThat(status.allReady()).as(status.toString()).isTrue();
        assertThat(status.process("order-processor-0-proxy")).isEmpty();
        ProcessStatus without = status.process("order-processor-0").orElseThrow();
        assertThat(with).matches("127\\.\\d+\\.4\\.2:8080");
        assertThat(without.address()).isEqualTo(with.replace(".2:", ".1:"));
        assertThat(without.process().command()).noneMatch(word -> word.startsWith("-Dhttp.proxy"));
        assertThat(status.process("payment-v1-0-proxy")).isPresent();
    }

    @Test
    void workload_moreReplicas_startsThemAndTellsTheControlPlane() {
        mesh.up(options, Progress.SILENT);

        mesh.workload(WorkloadChange.replicas("payment-v2", 2));

        assertThat(mesh.status().process("payment-v2-1")).isPresent();
        await().atMost(BOUND)
                .untilAsserted(() -> assertThat(slice("payment-v2"))
                        .contains("payment-v2-0", "payment-v2-1")
                        .doesNotContain("ready: false"));
    }

    @Test
    void apply_nonsense_isRefusedWithFileLineAndFieldAndChangesNothing() throws IOException {
        mesh.up(options, Progress.SILENT);
        Path file = folder.resolve("route.yaml");
        Files.writeString(file, """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata:
              name: orders
              namespace: shop
            spec:
              parentRefs:
                - name: gateway
              rulez: []
            """);
        ObjectKey key = new ObjectKey("HTTPRoute", "shop", "orders");
        String before = mesh.resources().text(key).orElseThrow();

        assertThatThrownBy(() -> mesh.apply(file))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("route.yaml:9")
                .hasMessageContaining("rulez");

        assertThat(mesh.resources().text(key)).contains(before);
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    private static RunningProcess withPid(RunningProcess process, long pid) {
        return new RunningProcess(
                process.name(),
                process.role(),
                process.address(),
                new ProcessId(pid, process.id().start()),
                process.digest(),
                process.command(),
                process.log(),
                process.accessLog(),
                process.probe(),
                null);
    }
}
