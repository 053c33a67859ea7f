package dev.perimeter.labs.harness.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What {@code up} promises, and that it leaves nothing when it cannot. */
class UpTest extends MeshStory {
    private static final Path NOTHING = Path.of("/dev/null");

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
}
