package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.workload.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
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

    /** Does it, and answers how many processes were running. */
    public int run() {
        Optional<RunState> found = RunState.read(home.runFile());
        int running = found.map(state -> state.alive().size()).orElse(0);
        found.filter(RunState::nodeAlive).ifPresent(this::askNode);
        Set<ProcessId> left = new LinkedHashSet<>();
        RunState.read(home.runFile()).ifPresent(state -> {
            state.alive().stream().map(RunningProcess::id).forEach(id -> {
                if (id != null) {
                    left.add(id);
                }
            });
            if (state.nodeAlive()) {
                left.add(state.node());
            }
        });
        left.addAll(unrecorded());
        end(left);
        try {
            Files.deleteIfExists(home.runFile());
        } catch (IOException e) {
            throw new Refused("%s cannot be deleted; check who may write there.".formatted(home.runFile()), e);
        }
        return Math.max(running, left.size());
    }

    private void askNode(RunState state) {
        boolean recording = state.processes().stream()
                .flatMap(process -> process.command().stream())
                .anyMatch(word -> word.startsWith("-XX:AOTCacheOutput="));
        progress.line("Ending %d processes.".formatted(state.alive().size()));
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
