package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.node.NodeClient.ChildState;
import dev.perimeter.labs.harness.node.NodeClient.NodeState;
import dev.perimeter.labs.harness.node.NodeOptions;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.resource.Seed;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.ProgramModule;
import dev.perimeter.labs.harness.site.Site;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One {@code up}. The local node holds a lease on this process until an order has crossed, so that whatever ends this
 * process meanwhile (Ctrl-C, a kill) also ends what it has started.
 */
final class BringUp {
    private static final int SITE_TRIES = 5;
    private static final Duration NODE_BOUND = Duration.ofSeconds(20);
    private static final Duration ROLLBACK_BOUND = Duration.ofSeconds(60);

    private final Mesh mesh;
    private final LabHome home;
    private final UpOptions options;
    private final Progress progress;
    private final long began = System.nanoTime();
    private final Set<String> announced = new HashSet<>();

    BringUp(Mesh mesh, UpOptions options, Progress progress) {
        this.mesh = mesh;
        this.home = mesh.home();
        this.options = options;
        this.progress = progress;
    }

    MeshStatus run() {
        requireBuilt();
        home.prepare();
        Optional<RunState> before = mesh.state();
        NodeClient node = before.filter(RunState::nodeAlive).map(this::join).orElseGet(() -> startNode(before));
        Thread rollback = Thread.ofPlatform().unstarted(() -> rollBack(node));
        Runtime.getRuntime().addShutdownHook(rollback);
        boolean crossed = false;
        try {
            awaitReady(node);
            long left = options.bound().toNanos() - (System.nanoTime() - began);
            String order = new FirstOrder(mesh, Duration.ofNanos(Math.max(left, 0))).send();
            say("an order crossed the mesh and came back " + order);
            crossed = node.commit();
        } finally {
            if (!crossed) {
                rollBack(node);
            }
            forget(rollback);
        }
        Waiting.until(NODE_BOUND, () -> mesh.state().filter(state -> state.phase() == RunState.Phase.UP));
        return mesh.status();
    }

    private void requireBuilt() {
        for (ProgramModule module : ProgramModule.values()) {
            Path jar = mesh.checkout().program(module).jar();
            if (!Files.exists(jar)) {
                throw new Refused("%s is not built; scripts/lab up builds it.".formatted(jar));
            }
        }
    }

    private NodeClient join(RunState state) {
        RunState.Settings running = state.settings();
        if (options.database() != null && !running.database().equals(options.database())) {
            throw new Refused("The mesh runs with %s; run scripts/lab down, then scripts/lab up --with %s."
                    .formatted(running.database(), options.database()));
        }
        if (options.port() != 0 && running.gatewayPort() != options.port()) {
            throw new Refused("The mesh's gateway is at port %d; run scripts/lab down first to move it to %d."
                    .formatted(running.gatewayPort(), options.port()));
        }
        NodeClient client = new NodeClient(state);
        client.sync();
        if (!client.startMissing(ProcessId.own())) {
            throw new Refused("The local node (pid %d) does not answer; run scripts/lab down, then scripts/lab up."
                    .formatted(state.node().pid()));
        }
        progress.line("The mesh is already here; starting what does not run.");
        return client;
    }

    private NodeClient startNode(Optional<RunState> before) {
        int port = options.port() != 0
                ? options.port()
                : before.map(state -> state.settings().gatewayPort()).orElse(UpOptions.DEFAULT_PORT);
        boolean gatewayLives =
                before.stream().flatMap(state -> state.alive().stream()).anyMatch(BringUp::isGateway);
        if (!gatewayLives && !Site.bindable("127.0.0.1", port)) {
            throw new Refused(
                    "Port %d on 127.0.0.1 is taken by another program; end it, or choose another port: scripts/lab up --port %d."
                            .formatted(port, port + 1));
        }
        tellOfBefore(before);
        new Seed(mesh.resources(), home.folder().resolve("seed.json"))
                .plant(mesh.checkout().manifests(), port);
        for (int tries = 0; tries < SITE_TRIES; tries++) {
            Site site = site(before);
            NodeOptions node =
                    new NodeOptions(home, site.number(), port, database(before), ProcessId.own(), options.record());
            Process process = Detached.start(mesh.checkout(), node);
            Optional<RunState> state = Waiting.until(
                            NODE_BOUND,
                            () -> mesh.state()
                                    .filter(written -> written.node().pid() == process.pid())
                                    .or(() -> process.isAlive() ? Optional.empty() : Optional.of(dead())))
                    .filter(written -> written != DEAD);
            if (state.isPresent()) {
                progress.line("Site %d: addresses 127.%d.*.*, gateway at http://127.0.0.1:%d"
                        .formatted(site.number(), site.number(), port));
                return new NodeClient(state.get());
            }
            process.destroyForcibly();
        }
        throw new Refused(
                "The local node does not start; " + LastLine.of(home.logs().resolve(Mesh.NODE + ".log")));
    }

    private static final RunState DEAD = new RunState(
            new RunState.Settings(new Site(0), 0, ""),
            RunState.Phase.ABANDONED,
            new ProcessId(0, ""),
            "",
            java.util.Map.of(),
            java.util.List.of());

    private static RunState dead() {
        return DEAD;
    }

    private void tellOfBefore(Optional<RunState> before) {
        before.ifPresent(state -> {
            long alive = state.alive().size();
            if (alive > 0) {
                progress.line("The local node was gone; taking over the %d processes it left.".formatted(alive));
            } else if (state.phase() != RunState.Phase.UP) {
                progress.line("An earlier up ended half-way; all it had started is gone, starting afresh.");
            }
        });
    }

    private Site site(Optional<RunState> before) {
        if (before.isPresent()) {
            Site earlier = before.get().settings().site();
            boolean ours = !before.get().alive().isEmpty();
            if (ours || earlier.isFree()) {
                return earlier;
            }
        }
        return Site.free();
    }

    private String database(Optional<RunState> before) {
        if (options.database() != null) {
            return options.database();
        }
        return before.filter(state -> !state.alive().isEmpty())
                .map(state -> state.settings().database())
                .orElse("h2");
    }

    private static boolean isGateway(RunningProcess process) {
        return process.role() == dev.perimeter.labs.harness.run.Role.GATEWAY;
    }

    private void awaitReady(NodeClient node) {
        Optional<NodeState> outcome = Waiting.until(options.bound(), () -> {
            Optional<NodeState> state = node.state();
            if (state.isEmpty()) {
                throw new Refused("The local node ended while the mesh was starting; "
                        + LastLine.of(home.logs().resolve(Mesh.NODE + ".log")));
            }
            state.get().children().values().stream()
                    .filter(ChildState::ready)
                    .filter(child -> announced.add(child.name()))
                    .forEach(child -> say(child.name() + " is ready"));
            boolean hopeless = !state.get().problem().isEmpty()
                    || state.get().children().values().stream().anyMatch(ChildState::dead);
            return hopeless || state.get().allReady() ? state : Optional.empty();
        });
        if (outcome.isPresent() && !outcome.get().problem().isEmpty()) {
            throw new Refused(outcome.get().problem());
        }
        if (outcome.filter(NodeState::allReady).isEmpty()) {
            throw new Refused(MissingLink.among(mesh.status()));
        }
    }

    private void say(String what) {
        progress.line("%6.1f s  %s".formatted((System.nanoTime() - began) / 1e9, what));
    }

    /** Waits too, so that nothing of this call runs any more when the prompt is back. */
    private void rollBack(NodeClient node) {
        if (node.giveUp()) {
            Waiting.until(
                    ROLLBACK_BOUND,
                    () -> node.state().filter(BringUp::leaving).isPresent() ? Optional.empty() : Optional.of(true));
            Waiting.until(
                    Duration.ofSeconds(10),
                    () -> mesh.state()
                                    .filter(RunState::nodeAlive)
                                    .filter(state -> state.phase() == RunState.Phase.ABANDONED)
                                    .isPresent()
                            ? Optional.empty()
                            : Optional.of(true));
        }
    }

    private static boolean leaving(NodeState state) {
        return state.phase().equals("STOPPING")
                || state.children().values().stream()
                        .anyMatch(child -> child.state().equals("STOPPING"));
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The shutdown is what got us here: the hook is at work, and waits.
            try {
                hook.join(TimeUnit.SECONDS.toMillis(60));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
