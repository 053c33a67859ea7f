package dev.perimeter.labs.harness.run;

import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.resource.AtomicFile;
import dev.perimeter.labs.harness.site.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code run.json}: written by the local node alone, whole and atomically; read by every command. It
 * outlives a killed node, so that the next one finds the children.
 *
 * @param settings how the mesh was asked to run
 * @param phase how far it is
 * @param node the local node
 * @param token what a caller of the local node's control address must show
 * @param numbers the workload number of each pod, kept so that a pod keeps its address
 */
public record RunState(
        Settings settings,
        Phase phase,
        ProcessId node,
        String token,
        Map<String, Integer> numbers,
        List<RunningProcess> processes) {
    /** Name of the local node among the processes. */
    public static final String NODE = "local-node";

    /** How far a mesh is. */
    public enum Phase {
        /** An {@code up} is at work. */
        STARTING,
        /** An order has crossed. */
        UP,
        /** The {@code up} that was at work ended before an order crossed, and all it had started was ended too. */
        ABANDONED
    }

    /**
     * How the mesh was asked to run.
     *
     * @param gatewayPort of the door at 127.0.0.1
     * @param database {@code h2} or {@code postgres}
     */
    public record Settings(Site site, int gatewayPort, String database) {}

    public RunState {
        numbers = Map.copyOf(numbers);
        processes = List.copyOf(processes);
    }

    /** Whether its local node still runs. */
    public boolean nodeAlive() {
        return node.alive();
    }

    /** The processes that still run. */
    public List<RunningProcess> alive() {
        return processes.stream().filter(RunningProcess::alive).toList();
    }

    /** What the file holds; empty if there is none or it is not ours to understand. */
    public static Optional<RunState> read(Path file) {
        try {
            return Optional.of(fromJson(Json.object(Files.readString(file))));
        } catch (IOException | IllegalArgumentException | NullPointerException e) {
            return Optional.empty();
        }
    }

    /** Replaces the file; only the owner may read it, for it holds the token. */
    public void write(Path file) {
        AtomicFile.write(file, Json.pretty(toJson()) + "\n");
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without permissions protects nothing else of this folder either.
        }
    }

    private Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("site", settings.site().number());
        json.put("gatewayPort", settings.gatewayPort());
        json.put("database", settings.database());
        json.put("phase", phase.name());
        json.put("pid", node.pid());
        json.put("start", node.start());
        json.put("token", token);
        json.put("numbers", numbers);
        json.put("processes", processes.stream().map(RunningProcess::toJson).toList());
        return json;
    }

    private static RunState fromJson(Map<String, @Nullable Object> json) {
        Settings settings = new Settings(
                new Site(number(json, "site")), number(json, "gatewayPort"), RunningProcess.text(json, "database"));
        Map<String, Integer> numbers = new LinkedHashMap<>();
        Json.asObject(json.get("numbers"))
                .forEach((pod, number) -> numbers.put(pod, Integer.parseInt(String.valueOf(number))));
        return new RunState(
                settings,
                Phase.valueOf(RunningProcess.text(json, "phase")),
                Objects.requireNonNull(RunningProcess.processId(json)),
                RunningProcess.text(json, "token"),
                numbers,
                Json.asList(json.get("processes")).stream()
                        .map(process -> RunningProcess.fromJson(Json.asObject(process)))
                        .toList());
    }

    private static int number(Map<String, @Nullable Object> json, String name) {
        return Integer.parseInt(RunningProcess.text(json, name));
    }
}
