package dev.perimeter.labs.harness.doctor;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Looks at the machine, one finding a need. */
public final class Doctor {
    private static final long NEEDED_MEGABYTES = 1_500;
    private static final int WORKLOADS = 8;

    private final Mesh mesh;
    private final int port;

    /** @param port where the gateway's door shall be */
    public Doctor(Mesh mesh, int port) {
        this.mesh = mesh;
        this.port = port;
    }

    /** Everything there is to say, good and bad. */
    public List<Finding> examine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(jdk());
        findings.add(cores());
        findings.add(memory());
        findings.add(folder());
        mesh.resources().problems().forEach(problem -> findings.add(Finding.bad(problem)));
        Optional<RunState> running = mesh.state().filter(RunState::nodeAlive);
        if (running.isPresent()) {
            findings.add(Finding.good("The mesh is up on site %d, so its ports and addresses are there."
                    .formatted(running.get().settings().site().number())));
        } else {
            findings.add(door());
            findings.add(addresses());
        }
        return findings;
    }

    private static Finding jdk() {
        return Finding.good("JDK %s at %s.".formatted(Runtime.version(), System.getProperty("java.home")));
    }

    private static Finding cores() {
        int cores = Runtime.getRuntime().availableProcessors();
        return cores >= 2
                ? Finding.good(cores + " processors.")
                : Finding.bad("Only one processor: everything works, but starting takes twice as long.");
    }

    private static Finding memory() {
        Optional<Long> available = availableMegabytes();
        if (available.isEmpty()) {
            return Finding.good("Memory: the mesh needs about %d MB; how much is free is not known here."
                    .formatted(NEEDED_MEGABYTES));
        }
        return available.get() >= NEEDED_MEGABYTES
                ? Finding.good("%d MB of memory are available; the mesh needs about %d."
                        .formatted(available.get(), NEEDED_MEGABYTES))
                : Finding.bad("Only %d MB of memory are available and the mesh needs about %d; end other programs."
                        .formatted(available.get(), NEEDED_MEGABYTES));
    }

    /** MemAvailable of proc(5): what new programs can have without swapping. */
    private static Optional<Long> availableMegabytes() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Finding folder() {
        try {
            mesh.home().prepare();
            return Finding.good(mesh.home().folder() + " can be written.");
        } catch (Refused refused) {
            return Finding.bad(refused.getMessage());
        }
    }

    private Finding door() {
        return Site.bindable("127.0.0.1", port)
                ? Finding.good("Port %d on 127.0.0.1 is free for the gateway.".formatted(port))
                : Finding.bad("Port %d on 127.0.0.1 is taken; end what listens there or use scripts/lab up --port %d."
                        .formatted(port, port + 1));
    }

    private static Finding addresses() {
        try {
            Site site = Site.free();
            return Finding.good("Addresses 127.%d.*.* are free.".formatted(site.number()));
        } catch (Refused refused) {
            boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
            return mac
                    ? new Finding(
                            false,
                            "macOS has no addresses 127.1.*.* yet; these lines add them until the next"
                                    + " start of the machine (scripts/lab doctor --fix runs them):",
                            aliases())
                    : Finding.bad(refused.getMessage());
        }
    }

    /** macOS gives the loopback interface 127.0.0.1 only; Linux has all of 127/8. */
    private static List<List<String>> aliases() {
        Site site = new Site(1);
        List<List<String>> commands = new ArrayList<>(List.of(alias(site.hold())));
        IntStream.rangeClosed(1, WORKLOADS).forEach(workload -> {
            commands.add(alias(site.podIp(workload)));
            commands.add(alias(site.appAddress(workload)));
        });
        return commands;
    }

    private static List<String> alias(String address) {
        return List.of("sudo", "ifconfig", "lo0", "alias", address, "up");
    }

    /** Runs commands, their input and output the terminal's; stops at the first that fails. */
    public static void run(List<List<String>> commands) {
        for (List<String> command : commands) {
            try {
                int code = new ProcessBuilder(command).inheritIO().start().waitFor();
                if (code != 0) {
                    throw new Refused("\"%s\" ended with %d; run it by hand to see why."
                            .formatted(String.join(" ", command), code));
                }
            } catch (IOException e) {
                throw new Refused("\"%s\" cannot be run: %s".formatted(command.getFirst(), e.getMessage()), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
