package dev.perimeter.labs.harness.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A mesh of real processes; only what they do inside is faked. Each story begins with a clone that has never run. */
abstract class MeshStory {
    static final Duration BOUND = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    FakeCheckout clone;
    LabHome home;
    Mesh mesh;
    UpOptions options;

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

    String slice(String service) {
        return mesh.resources()
                .text(new ObjectKey("EndpointSlice", "shop", service + "-local"))
                .orElse("");
    }

    static Map<String, Long> pids(MeshStatus status) {
        Map<String, Long> pids = new TreeMap<>();
        status.processes().forEach(process -> pids.put(process.name(), process.pid()));
        return pids;
    }

    /** SIGKILL, and until the number is free of it. */
    static void kill(ProcessStatus process) {
        ProcessId id = process.process().id();
        id.kill();
        await().atMost(BOUND).until(() -> !id.alive());
    }

    /** Every process of this machine that this mesh has started. */
    List<String> ours() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().arguments().map(List::of).orElse(List.of()).stream()
                        .anyMatch(word -> word.contains(home.folder() + File.separator)
                                || word.equals(home.folder().toString())))
                .filter(process -> ProcessId.of(process.pid()).isPresent())
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
