package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpLock;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.shop.OrderLoad;
import dev.perimeter.labs.harness.shop.Shop;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ahead-of-time caches (JEP 514), made once a build: a private mesh with folder and site of its own runs with recording
 * on, some orders go through it, and each JVM writes its cache when it ends. Without caches everything works as well,
 * only starts take several times as long, so a failure here is told and forgotten.
 */
public final class CacheRecording {
    /** Followed by the number of the process that records. */
    private static final String FOLDER = "recording-";

    private static final int ORDERS = 300;
    private static final int IN_FLIGHT = 8;
    private static final Duration BOUND = Duration.ofSeconds(180);

    private final Mesh mesh;
    private final Progress progress;

    public CacheRecording(Mesh mesh, Progress progress) {
        this.mesh = mesh;
        this.progress = progress;
    }

    /**
     * Records if a program has no cache that fits its jars; that it fails is told and no more.
     *
     * @throws Refused if another {@code up} keeps at work here
     */
    public void recordIfMissing() {
        boolean writable =
                programs().allMatch(program -> Files.isWritable(program.jar().getParent()));
        if (allThere() || !writable) {
            return;
        }
        try (UpLock _ = UpLock.take(mesh.home(), progress)) {
            // Another up may have recorded them in the meantime.
            if (!allThere()) {
                recordAll();
            }
        }
    }

    private boolean allThere() {
        return programs().allMatch(Program::hasFreshCache);
    }

    private Stream<Program> programs() {
        return Stream.of(ProgramModule.values()).map(mesh.checkout()::program);
    }

    private void recordAll() {
        progress.line("Recording ahead-of-time caches, once a build, so that starts are fast (about a minute; "
                + "--no-cache goes without):");
        Path folder =
                mesh.home().folder().resolve(FOLDER + ProcessHandle.current().pid());
        try {
            removeLeftOvers();
            record(folder);
        } catch (IOException | Refused e) {
            progress.line("  no caches this time, going on without: " + e.getMessage());
        } finally {
            RunData.removeTree(folder);
        }
    }

    /** What recordings left that were killed: their processes have ended with them, their files have not. */
    private void removeLeftOvers() throws IOException {
        try (Stream<Path> all = Files.list(mesh.home().folder())) {
            for (Path folder : all.filter(CacheRecording::isLeftOver).toList()) {
                Mesh.open(mesh.checkout(), lab(folder)).down(Progress.SILENT);
                RunData.removeTree(folder);
            }
        }
    }

    private static boolean isLeftOver(Path folder) {
        String name = folder.getFileName().toString();
        String pid = name.startsWith(FOLDER) ? name.substring(FOLDER.length()) : "";
        return pid.matches("\\d{1,18}")
                && ProcessHandle.of(Long.parseLong(pid))
                        .filter(process -> !process.equals(ProcessHandle.current()))
                        .isEmpty();
    }

    private static LabHome lab(Path folder) {
        return new LabHome(folder.resolve("lab"));
    }

    private void record(Path folder) throws IOException {
        Mesh recording = Mesh.open(mesh.checkout(), lab(folder));
        Path caches = Files.createDirectories(folder.resolve("caches"));
        Thread end = Thread.ofPlatform().unstarted(() -> {
            recording.down(Progress.SILENT);
            RunData.removeTree(folder);
        });
        Runtime.getRuntime().addShutdownHook(end);
        try {
            UpOptions options = new UpOptions(freePort(), "h2", BOUND, caches);
            recording.up(options, line -> progress.line("  " + line));
            Shop shop = new Shop(recording.url("gateway"));
            new OrderLoad(shop, IN_FLIGHT)
                    .place(
                            IntStream.range(0, ORDERS)
                                    .mapToObj(i -> new OrderLoad.Request(
                                            UUID.randomUUID().toString(), Shop.SAMPLE))
                                    .toList(),
                            done -> {});
            progress.line("  %d orders have crossed; writing the caches, half a minute".formatted(ORDERS));
        } finally {
            recording.down(Progress.SILENT);
            Runtime.getRuntime().removeShutdownHook(end);
        }
        int kept = 0;
        for (ProgramModule module : ProgramModule.values()) {
            Program program = mesh.checkout().program(module);
            Path recorded = caches.resolve(program.artifact() + ".aot");
            if (Files.exists(recorded)) {
                Files.move(recorded, program.cache(), StandardCopyOption.REPLACE_EXISTING);
                kept++;
            }
        }
        progress.line("  %d of %d caches recorded".formatted(kept, ProgramModule.values().length));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
