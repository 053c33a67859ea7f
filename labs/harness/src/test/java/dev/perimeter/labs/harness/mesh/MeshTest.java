package dev.perimeter.labs.harness.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The harness on real processes; only what they do inside is faked. */
class MeshTest {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final Path NOTHING = Path.of("/dev/null");

    @TempDir
    private Path folder;

    private FakeCheckout clone;
    private LabHome home;
    private Mesh mesh;
    private UpOptions options;

    @BeforeEach
    void aCloneThatHasNeverRun() throws IOException {
        clone = new FakeCheckout(folder.resolve("clone"));
        home = new LabHome(folder.resolve("lab"));
        mesh = Mesh.open(clone.checkout(), home);
        options = new UpOptions(freePort(), null, BOUND, null);
    }

    @AfterEach
    void nothingIsLeft() {
        mesh.down(Progress.SILENT);
        assertThat(ours()).isEmpty();
    }

    @Test
    void up_fromNothing_everyProcessIsReadyAndTheOrderCrossed() {
        List<String> lines = new ArrayList<>();

        MeshStatus status = mesh.up(options, lines::add);

        assertThat(status.allReady()).as(status.toString()).isTrue();
        assertThat(status.processes())
                .extracting(ProcessStatus::name)
                .containsExactly(
                        Mesh.NODE,
                        "control-plane",
                        "database",
                        "gateway",
                        "order-processor-0",
                        "payment-v1-0",
                        "payment-v2-0",
                        "order-processor-0-proxy",
                        "payment-v1-0-proxy",
                        "payment-v2-0-proxy");
        assertThat(lines).last().asString().contains("an order crossed the mesh and came back PAID");
        assertThat(slice("payment-v1")).contains("ready: true");
    }

    @Test
    void up_twice_startsNothingNew() {
        Map<String, Long> first = pids(mesh.up(options, Progress.SILENT));

        assertThat(pids(mesh.up(options, Progress.SILENT))).isEqualTo(first);
    }

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
    void up_whileAnotherIsAtWork_waitsForItAndJoins() throws Exception {
        List<String> second = new CopyOnWriteArrayList<>();
        CountDownLatch atWork = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<MeshStatus> first = threads.submit(() -> mesh.up(options, line -> atWork.countDown()));
            atWork.await();

            MeshStatus joined = mesh.up(options, second::add);

            assertThat(pids(joined)).isEqualTo(pids(first.get()));
        }
        assertThat(second).first().asString().startsWith("Another up is at work here (pid ");
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

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
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
    void up_portTaken_saysSoAndStartsNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            UpOptions there = new UpOptions(taken.getLocalPort(), null, BOUND, null);

            assertThatThrownBy(() -> mesh.up(there, Progress.SILENT))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " on 127.0.0.1 is taken")
                    .hasMessageContaining("--port");
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void up_folderCannotBeWritten_saysSoAndStartsNothing() {
        Mesh nowhere = Mesh.open(clone.checkout(), new LabHome(NOTHING.resolve("lab")));

        assertThatThrownBy(() -> nowhere.up(options, Progress.SILENT))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("LAB_HOME");
    }

    @Test
    void up_processDiesAtItsStart_namesItAndItsLogLineAndLeavesNothing() throws IOException {
        clone.fault(ProgramModule.PAYMENT, "die");

        assertThatThrownBy(() -> mesh.up(options, Progress.SILENT))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("payment-v")
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("the card reader is on fire");

        assertThat(ours()).isEmpty();
        assertThat(mesh.status().summary()).contains("ended before an order crossed");
    }

    @Test
    void up_processNeverReady_saysWhatItAnswers() throws IOException {
        clone.fault(ProgramModule.SIDECAR, "hang");

        List<String> lines = new ArrayList<>();

        assertThatThrownBy(() -> mesh.up(new UpOptions(options.port(), null, Duration.ofSeconds(15), null), lines::add))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("-proxy: it is not ready (no listeners yet); its log has no warning: ");
        assertThat(lines)
                .anySatisfy(line ->
                        assertThat(line).contains("still waiting: for ", "payment-v1-0-proxy (no listeners yet)"));

        assertThat(ours()).isEmpty();
    }

    @Test
    void up_killedHalfWay_leavesNothingAndTheNextUpWorks() throws Exception {
        clone.fault(ProgramModule.ORDER_PROCESSOR, "hang");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dperimeter.root=" + clone.checkout().root(),
                        "dev.perimeter.labs.harness.Main",
                        "up",
                        "--no-cache",
                        "--port",
                        Integer.toString(options.port()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("up.txt").toFile());
        builder.environment().put(LabHome.VARIABLE, home.folder().toString());
        Process up = builder.start();
        await().atMost(BOUND)
                .until(() -> mesh.status()
                        .process("order-processor-0")
                        .filter(process -> process.state() == State.NOT_READY)
                        .isPresent());

        up.destroyForcibly().waitFor();

        await().atMost(BOUND).until(() -> ours().isEmpty());
        assertThat(mesh.status().summary()).contains("ended before an order crossed");
        clone.heal(ProgramModule.ORDER_PROCESSOR);
        assertThat(mesh.up(options, Progress.SILENT).allReady()).isTrue();
    }

    @Test
    void up_tied_endsWithTheProcessThatStartedIt() throws Exception {
        Process starter = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        TiedUp.class.getName(),
                        clone.checkout().root().toString(),
                        home.folder().toString(),
                        Integer.toString(options.port()))
                .redirectError(folder.resolve("starter.txt").toFile())
                .start();
        assertThat(starter.inputReader().readLine()).isEqualTo("up");
        assertThat(mesh.status().allReady()).isTrue();

        starter.destroyForcibly().waitFor();

        await().atMost(BOUND).until(() -> ours().isEmpty());
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

    private String slice(String service) {
        return mesh.resources()
                .text(new ObjectKey("EndpointSlice", "shop", service + "-local"))
                .orElse("");
    }

    private static Map<String, Long> pids(MeshStatus status) {
        Map<String, Long> pids = new TreeMap<>();
        status.processes().forEach(process -> pids.put(process.name(), process.pid()));
        return pids;
    }

    /** SIGKILL, and until the number is free of it. */
    private static void kill(ProcessStatus process) {
        ProcessId id = process.process().id();
        id.kill();
        await().atMost(BOUND).until(() -> !id.alive());
    }

    /** Every process of this machine that this mesh has started. */
    private List<String> ours() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(word -> word.contains(home.folder() + File.separator)
                                || word.equals(home.folder().toString())))
                .filter(process -> ProcessId.of(process.pid()).isPresent())
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
