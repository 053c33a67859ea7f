package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
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
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code up}. The local node holds a lease on this process until an order has crossed, so that whatever ends this
 * process meanwhile also ends what it has started: a kill is seen by the node, and Ctrl-C runs the same from a shutdown
 * hook, which waits, so that nothing runs any more when the prompt is back.
 */
public final class BringUp {
    private static final Duration NODE_BOUND = Duration.ofSeconds(20);
    /** A proxy waits up to this long before it looks for its control plane again. */
    private static final Duration RECONNECT_BOUND = Duration.ofSeconds(15);

    private static final Duration ROLLBACK_BOUND = Duration.ofSeconds(60);

    private final Checkout checkout;
    private final LabHome home;
    private final UpOptions options;
    private final Progress progress;
    private final Optional<RunState> before;
    private final boolean controlPlaneWasGone;
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
        this.controlPlaneWasGone = before.stream()
                .flatMap(state -> state.processes().stream())
                .anyMatch(process -> process.role() == Role.CONTROL_PLANE && !process.alive());
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
            NodeClient client =
                    before.filter(RunState::nodeAlive).map(this::join).orElseGet(nodeStart::start);
            node = client;
            awaitReady(client);
            long left = options.bound().toNanos() - (System.nanoTime() - began);
            String order = new FirstOrder(home, Duration.ofNanos(Math.max(left, 0))).send();
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
        if (controlPlaneWasGone) {
            awaitStreams();
        }
        return StatusReader.read(home);
    }

    /** Orders cross without it, so nobody has waited yet for the proxies to find the new control plane. */
    private void awaitStreams() {
        Waiting.until(
                RECONNECT_BOUND,
                () -> Optional.of(StatusReader.read(home))
                        .filter(status -> status.processes().stream()
                                .noneMatch(process -> process.takesConfig() && process.version() == null)));
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
            return hopeless || state.allReady() ? Optional.of(state) : Optional.empty();
        });
        if (outcome.isPresent() && !outcome.get().problem().isEmpty()) {
            throw new Refused(outcome.get().problem());
        }
        if (outcome.filter(NodeState::allReady).isEmpty()) {
            throw new Refused(MissingLink.among(StatusReader.read(home)));
        }
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
