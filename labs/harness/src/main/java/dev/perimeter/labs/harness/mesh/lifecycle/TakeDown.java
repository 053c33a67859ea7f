package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.workload.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One {@code down}: the node ends its children; if it is gone or stuck, they are ended from here. Nobody is signalled by
 * number alone, so a stranger that got a number of ours is safe.
 */
public final class TakeDown {
    private static final Duration NODE_BOUND = Duration.ofSeconds(60);
    private static final Duration RECORDING_BOUND = Duration.ofMinutes(5);
    private static final Duration TERM_BOUND = Duration.ofSeconds(10);
    private static final Duration KILL_BOUND = Duration.ofSeconds(5);

    private final LabHome home;
    private final Progress progress;

    /** Prepares; nothing happens before {@link #run}. */
    public TakeDown(LabHome home, Progress progress) {
        this.home = home;
        this.progress = progress;
    }

    /** Does it, and answers how many processes were running, the local node among them. */
    public int run() {
        Optional<RunState> found = RunState.read(home.runFile());
        Set<ProcessId> running = running(found);
        if (!running.isEmpty()) {
            progress.line(running.size() == 1 ? "Ending 1 process." : "Ending %d processes.".formatted(running.size()));
        }
        found.filter(RunState::nodeAlive).ifPresent(this::askNode);
        // The node is not there, was stuck, or was killed in between.
        end(running(RunState.read(home.runFile())));
        try {
            Files.deleteIfExists(home.runFile());
        } catch (IOException e) {
            throw new Refused("%s cannot be deleted; check who may write there.".formatted(home.runFile()), e);
        }
        return running.size();
    }

    /** All that runs of this mesh now, each once. */
    private Set<ProcessId> running(Optional<RunState> found) {
        Set<ProcessId> running = new LinkedHashSet<>();
        found.ifPresent(state -> {
            state.alive().forEach(process -> running.add(Objects.requireNonNull(process.id())));
            if (state.nodeAlive()) {
                running.add(state.node());
            }
        });
        running.addAll(unrecorded());
        return running;
    }

    private void askNode(RunState state) {
        boolean recording = state.processes().stream()
                .flatMap(process -> process.command().stream())
                .anyMatch(word -> word.startsWith("-XX:AOTCacheOutput="));
        if (new NodeClient(state).stop()) {
            Waiting.until(
                    recording ? RECORDING_BOUND : NODE_BOUND,
                    () -> state.nodeAlive() ? Optional.empty() : Optional.of(true));
        }
    }

    /** Started by a node that was killed before it could write so. */
    private List<ProcessId> unrecorded() {
        String mark = Surroundings.ownMark(home);
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .orElse(List.of())
                        .contains(mark))
                .flatMap(process -> ProcessId.of(process.pid()).stream())
                .toList();
    }

    private static void end(Set<ProcessId> processes) {
        processes.forEach(ProcessId::terminate);
        awaitEnd(processes, TERM_BOUND);
        processes.forEach(ProcessId::kill);
        awaitEnd(processes, KILL_BOUND);
    }

    private static void awaitEnd(Set<ProcessId> processes, Duration bound) {
        Waiting.until(
                bound, () -> processes.stream().anyMatch(ProcessId::alive) ? Optional.empty() : Optional.of(true));
    }
}
