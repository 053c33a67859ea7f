package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.status.Console;
import dev.perimeter.labs.harness.mesh.status.LastLine;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.MissingLink;
import dev.perimeter.labs.harness.mesh.status.StatusReader;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.node.NodeClient.ChildState;
import dev.perimeter.labs.harness.node.NodeClient.NodeState;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One {@code up}. The local node holds a lease on this process until an order has crossed, so that whatever ends this
 * process meanwhile also ends what it has started: a kill is seen by the node, and Ctrl-C runs the same from a shutdown
 * hook, which waits, so that nothing runs any more when the prompt is back.
 */
public final class BringUp {
    private static final Duration NODE_BOUND = Duration.ofSeconds(20);
    /** A proxy waits up to half of this before it looks for its control plane again. */
    private static final Duration RECONNECT_BOUND = Duration.ofSeconds(30);

    private static final Duration ROLLBACK_BOUND = Duration.ofSeconds(60);

    private final Checkout checkout;
    private final LabHome home;
    private final UpOptions options;
    private final Progress progress;
    private final Optional<RunState> before;
    private final Reminder reminder = new Reminder(Reminder.PAUSE, this::say);
    private final NodeStart nodeStart;
    private final long began = System.nanoTime();
    private final Set<String> announced = new HashSet<>();
    /** Both are written by the calling thread or the shutdown hook and read by the other. */
    private volatile @Nullable NodeClient node;

    private volatile boolean interrupted;

    /** Prepares; nothing happens before {@link #run}. */
    public BringUp(Checkout checkout, LabHome home, UpOptions options, Progress progress) {
        this.checkout = checkout;
        this.home = home;
        this.options = options;
        this.progress = progress;
        this.before = RunState.read(home.runFile());
        this.nodeStart = new NodeStart(checkout, home, options, progress, before);
    }

    /**
     * Does it.
     *
     * @throws Refused naming what is in the way; nothing of this call runs any more then
     */
    public MeshStatus run() {
        check();
        home.prepare();
        Thread hook = Thread.ofPlatform().unstarted(this::interrupt);
        Runtime.getRuntime().addShutdownHook(hook);
        boolean crossed = false;
        try {
            NodeClient client = before.filter(this::goesOn).map(this::join).orElseGet(nodeStart::start);
            node = client;
            awaitReady(client);
            long left = options.bound().toNanos() - (System.nanoTime() - began);
            String order = new FirstOrder(home, Duration.ofNanos(Math.max(left, 0)), reminder).send();
            say("an order crossed the mesh and came back " + order);
            crossed = client.commit();
        } finally {
            if (interrupted) {
                awaitEndOfProcess();
            }
            if (!crossed) {
                rollBack();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        Waiting.until(NODE_BOUND, () -> state().filter(state -> state.phase() == RunState.Phase.UP));
        awaitConfigurations();
        return StatusReader.read(home);
    }

    /** Orders cross by an older configuration, too, so nobody has waited yet for the proxies to find a new control plane. */
    private void awaitConfigurations() {
        Waiting.until(RECONNECT_BOUND, () -> {
            List<String> missing = withoutConfiguration();
            if (missing.isEmpty()) {
                return Optional.of(missing);
            }
            reminder.waitingFor(() -> "for the control plane's configuration at " + String.join(", ", missing));
            return Optional.empty();
        });
        List<String> missing = withoutConfiguration();
        if (!missing.isEmpty()) {
            throw new Refused("The mesh is up and orders cross it, but %s did not take over the control plane's"
                            .formatted(String.join(", ", missing))
                    + " configuration; scripts/lab logs " + missing.getFirst() + " tells more.");
        }
    }

    /** The living proxies that have not acknowledged what the control plane that runs now has for them. */
    private List<String> withoutConfiguration() {
        RunState state = state().orElseThrow(() -> new Refused(
                "%s vanished: another command ended the mesh while it was starting.".formatted(home.runFile())));
        Set<String> settled = Console.of(state).settled();
        return state.alive().stream()
                .filter(process -> process.role() == Role.PROXY || process.role() == Role.GATEWAY)
                .map(RunningProcess::name)
                .filter(name -> !settled.contains(name))
                .toList();
    }

    /** Whether there is a node to join; one that is about to end is waited for, since it ends all it started. */
    private boolean goesOn(RunState state) {
        if (!state.nodeAlive()) {
            return false;
        }
        boolean ends = new NodeClient(state)
                .state()
                .filter(now -> now.phase().equals("STOPPING"))
                .isPresent();
        if (ends) {
            progress.line("The last mesh is still ending; waiting for that.");
            Waiting.until(ROLLBACK_BOUND, () -> state.nodeAlive() ? Optional.empty() : Optional.of(true));
        }
        return state.nodeAlive();
    }

    private Optional<RunState> state() {
        return RunState.read(home.runFile());
    }

    /**
     * Looks for what is in the way and can be known before anything is started.
     *
     * @throws Refused naming it
     */
    public void check() {
        requireBuilt();
        before.filter(RunState::nodeAlive)
                .map(RunState::settings)
                .ifPresentOrElse(this::requireSame, nodeStart::requireDoor);
    }

    private void requireBuilt() {
        for (ProgramModule module : ProgramModule.values()) {
            Path jar = checkout.program(module).jar();
            if (!Files.exists(jar)) {
                throw new Refused("%s is not built; scripts/lab up builds it.".formatted(jar));
            }
        }
    }

    private void requireSame(RunState.Settings running) {
        if (options.database() != null && !running.database().equals(options.database())) {
            throw new Refused("The mesh runs with %s; run scripts/lab down, then scripts/lab up --with %s."
                    .formatted(running.database(), options.database()));
        }
        if (options.port() != 0 && running.gatewayPort() != options.port()) {
            throw new Refused("The mesh's gateway is at port %d; run scripts/lab down first to move it to %d."
                    .formatted(running.gatewayPort(), options.port()));
        }
    }

    private NodeClient join(RunState state) {
        NodeClient client = new NodeClient(state);
        client.sync().stream()
                .flatMap(now -> now.children().values().stream())
                .filter(ChildState::ready)
                .forEach(child -> announced.add(child.name()));
        if (!client.startMissing(ProcessId.own())) {
            throw new Refused("The local node (pid %d) does not answer; run scripts/lab down, then scripts/lab up."
                    .formatted(state.node().pid()));
        }
        progress.line("The mesh is already here; starting what does not run.");
        return client;
    }

    private void awaitReady(NodeClient client) {
        Optional<NodeState> outcome = Waiting.until(options.bound(), () -> {
            NodeState state = client.state()
                    .orElseThrow(() -> new Refused("The local node ended while the mesh was starting; "
                            + LastLine.of(home.logs().resolve(RunState.NODE + ".log"))));
            state.children().values().stream()
                    .filter(ChildState::ready)
                    .filter(child -> announced.add(child.name()))
                    .forEach(child -> say(child.name() + " is ready"));
            boolean hopeless = !state.problem().isEmpty()
                    || state.children().values().stream().anyMatch(ChildState::dead);
            if (hopeless || state.allReady()) {
                return Optional.of(state);
            }
            reminder.waitingFor(() -> pending(state));
            return Optional.empty();
        });
        if (outcome.isPresent() && !outcome.get().problem().isEmpty()) {
            throw new Refused(outcome.get().problem());
        }
        if (outcome.filter(NodeState::allReady).isEmpty()) {
            throw new Refused(MissingLink.among(StatusReader.read(home)));
        }
    }

    /** Which processes are not ready, and why; what only waits for others comes last. */
    private static String pending(NodeState state) {
        return state.children().values().stream()
                .filter(child -> !child.ready())
                .sorted(Comparator.comparing(child -> child.state().equals("WAITING")))
                .map(child -> "%s (%s)".formatted(child.name(), child.reason()))
                .collect(Collectors.joining(", ", "for ", ""));
    }

    private void say(String what) {
        if (!interrupted) {
            progress.line("%6.1f s  %s".formatted((System.nanoTime() - began) / 1e9, what));
        }
    }

    private void interrupt() {
        interrupted = true;
        progress.line("Interrupted: ending what this up has started.");
        rollBack();
    }

    private void rollBack() {
        NodeClient client = node;
        if (client == null) {
            nodeStart.undo();
        } else {
            client.giveUp();
            Waiting.until(ROLLBACK_BOUND, () -> isSettled(client) ? Optional.of(true) : Optional.empty());
        }
    }

    /** Whether the node is gone, or goes on with a mesh that was up before and none of this call's processes. */
    private boolean isSettled(NodeClient client) {
        boolean nodeAlive = state().filter(RunState::nodeAlive).isPresent();
        return !nodeAlive
                || client.state()
                        .filter(state -> state.phase().equals(RunState.Phase.UP.name()))
                        .filter(state -> state.children().values().stream()
                                .noneMatch(child -> child.state().equals("STOPPING")))
                        .isPresent();
    }

    /** The hook tells the end of the story; what fails here meanwhile is of no interest to anybody. */
    private static void awaitEndOfProcess() {
        while (true) {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                // Only the end of the process ends this.
            }
        }
    }
}
