package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.labs.harness.mesh.status.ProcessStatus.State;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.Site;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Finds out how a mesh is by looking for itself: at the processes by number and start, and at each by its own probe. So
 * the answer is right the moment after a kill, and when the local node is what was killed.
 */
public final class StatusReader {
    private StatusReader() {}

    /** How the mesh in that folder is now. */
    public static MeshStatus read(LabHome home) {
        Optional<RunState> found = RunState.read(home.runFile());
        List<String> problems = new ResourceStore(home.resources()).problems();
        if (found.isEmpty()) {
            return new MeshStatus("The mesh is down; scripts/lab up starts it.", 0, List.of(), problems);
        }
        RunState state = found.get();
        List<ProcessStatus> processes = new ArrayList<>(List.of(node(home, state)));
        processes.addAll(ask(state.processes()));
        waiting(state, processes);
        Map<String, String> versions = Console.of(state).versions();
        processes.replaceAll(process -> process.version(versions.get(process.name())));
        processes.sort(Comparator.comparing(ProcessStatus::role).thenComparing(ProcessStatus::name));
        return new MeshStatus(summary(state, processes), state.settings().site().number(), processes, problems);
    }

    private static ProcessStatus node(LabHome home, RunState state) {
        boolean alive = state.nodeAlive();
        String address = state.settings().site().hold() + ":" + Site.HOLD_PORT;
        return new ProcessStatus(
                RunState.NODE,
                Role.NODE,
                alive ? State.READY : State.DEAD,
                alive ? "" : "ended, so nothing is probed or told to the control plane",
                state.node().pid(),
                address,
                null,
                new RunningProcess(
                        RunState.NODE,
                        Role.NODE,
                        address,
                        state.node(),
                        "",
                        List.of(),
                        home.logs().resolve(RunState.NODE + ".log"),
                        null,
                        dev.perimeter.labs.harness.process.Probe.tcp(
                                state.settings().site().hold(), Site.HOLD_PORT),
                        null));
    }

    private static List<ProcessStatus> ask(List<RunningProcess> processes) {
        List<Future<ProcessStatus>> answers;
        // Closing waits for all of them.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = processes.stream()
                    .map(process -> threads.submit(() -> ask(process)))
                    .toList();
        }
        return answers.stream().map(Future::resultNow).toList();
    }

    private static ProcessStatus ask(RunningProcess process) {
        if (!process.alive()) {
            return status(process, State.DEAD, process.ended() == null ? "ended" : process.ended());
        }
        Optional<String> problem = process.probe().ask();
        // It may have been ended while it was asked.
        return process.alive()
                ? status(process, problem.isEmpty() ? State.READY : State.NOT_READY, problem.orElse(""))
                : status(process, State.DEAD, "ended");
    }

    private static ProcessStatus status(RunningProcess process, State state, String reason) {
        Long pid = process.id() == null ? null : process.id().pid();
        return new ProcessStatus(process.name(), process.role(), state, reason, pid, process.address(), null, process);
    }

    /** Children the node wants and has not started yet are in no file. */
    private static void waiting(RunState state, List<ProcessStatus> processes) {
        if (!state.nodeAlive()) {
            return;
        }
        List<String> known = processes.stream().map(ProcessStatus::name).toList();
        new NodeClient(state)
                .state()
                .ifPresent(node -> node.children().values().stream()
                        .filter(child -> !known.contains(child.name()))
                        .forEach(child -> processes.add(new ProcessStatus(
                                child.name(), Role.APP, State.WAITING, child.reason(), null, "-", null, null))));
    }

    private static String summary(RunState state, List<ProcessStatus> processes) {
        if (state.phase() == RunState.Phase.ABANDONED
                || (state.phase() == RunState.Phase.STARTING && !state.nodeAlive())) {
            return "The last up ended before an order crossed; scripts/lab up starts afresh.";
        }
        if (state.phase() == RunState.Phase.STARTING) {
            return "The mesh is starting.";
        }
        List<ProcessStatus> bad = processes.stream()
                .filter(process -> process.state() != State.READY)
                .toList();
        return bad.isEmpty()
                ? "The mesh is up: all %d processes are ready.".formatted(processes.size())
                : "%d of %d processes %s not ready; %s."
                        .formatted(bad.size(), processes.size(), bad.size() == 1 ? "is" : "are", advice(bad));
    }

    /** Only what does not run is mended by starting it. */
    private static String advice(List<ProcessStatus> bad) {
        return bad.stream()
                .filter(process -> process.state() == State.NOT_READY)
                .findFirst()
                .filter(first -> bad.stream().allMatch(process -> process.state() == State.NOT_READY))
                .map(first ->
                        "%s runs, so its log tells more: scripts/lab logs %s".formatted(first.name(), first.name()))
                .orElse("scripts/lab up starts what does not run");
    }
}
