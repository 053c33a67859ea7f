package dev.perimeter.labs.harness.mesh.lifecycle;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.status.LastLine;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.node.NodeOptions;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.resource.Seed;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.site.Site;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Starts the local node of a mesh that has none, on a site of its own or on that of the children it left. */
final class NodeStart {
    private static final int SITE_TRIES = 5;
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final Checkout checkout;
    private final LabHome home;
    private final UpOptions options;
    private final Progress progress;
    private final Optional<RunState> before;
    /** Guarded by this, as is the next: the shutdown hook undoes what another thread is about to do. */
    private @Nullable Process spawned;

    private boolean undone;

    /** @param before what the last node wrote */
    NodeStart(Checkout checkout, LabHome home, UpOptions options, Progress progress, Optional<RunState> before) {
        this.checkout = checkout;
        this.home = home;
        this.options = options;
        this.progress = progress;
        this.before = before;
    }

    NodeClient start() {
        int port = port();
        tellOfBefore();
        new Seed(new ResourceStore(home.resources()), home.folder().resolve("seed.json"))
                .plant(checkout.manifests(), port);
        for (int tries = 0; tries < SITE_TRIES; tries++) {
            Site site = site();
            Process process = spawn(new NodeOptions(
                    home, site.number(), port, database(), ProcessId.own(), options.record(), options.tied()));
            // It writes its state once it holds the site and has read the resources; it ends if the site is taken.
            Waiting.until(
                    BOUND,
                    () -> stateOf(process).isPresent() || !process.isAlive() ? Optional.of(true) : Optional.empty());
            Optional<RunState> state = stateOf(process);
            if (state.isPresent()) {
                progress.line("Site %d: addresses 127.%d.*.*, gateway at http://127.0.0.1:%d"
                        .formatted(site.number(), site.number(), port));
                return new NodeClient(state.get());
            }
            process.destroyForcibly();
        }
        throw new Refused(
                "The local node does not start; " + LastLine.of(home.logs().resolve(RunState.NODE + ".log")));
    }

    private synchronized Process spawn(NodeOptions node) {
        if (undone) {
            throw new Refused("The up was interrupted.");
        }
        Process process = Detached.start(checkout, node);
        spawned = process;
        return process;
    }

    /** Asks the node to end if it has been started, waits for that, and lets no other be started. */
    synchronized void undo() {
        undone = true;
        Process process = spawned;
        if (process != null) {
            process.destroy();
            Waiting.until(BOUND, () -> process.isAlive() ? Optional.empty() : Optional.of(true));
        }
    }

    private Optional<RunState> stateOf(Process process) {
        return RunState.read(home.runFile()).filter(state -> state.node().pid() == process.pid() && state.nodeAlive());
    }

    private int port() {
        return options.port() != 0
                ? options.port()
                : before.map(state -> state.settings().gatewayPort()).orElse(UpOptions.DEFAULT_PORT);
    }

    /** @throws Refused if somebody else listens where the gateway is to */
    void requireDoor() {
        int port = port();
        boolean ours = before.stream()
                .flatMap(state -> state.alive().stream())
                .anyMatch(process -> process.role() == Role.GATEWAY);
        if (!ours && !Site.bindable("127.0.0.1", port)) {
            throw new Refused(
                    "Port %d on 127.0.0.1 is taken by another program; end it, or choose another port: scripts/lab up --port %d."
                            .formatted(port, port + 1));
        }
    }

    private void tellOfBefore() {
        before.ifPresent(state -> {
            long alive = state.alive().size();
            if (alive > 0) {
                progress.line("The local node was gone; taking over the %d processes it left.".formatted(alive));
            } else if (state.phase() != RunState.Phase.UP) {
                progress.line("An earlier up ended half-way; all it had started is gone, starting afresh.");
            }
        });
    }

    /** The site of before if children still run there, or nobody has taken it since. */
    private Site site() {
        return before.filter(state ->
                        !state.alive().isEmpty() || state.settings().site().isFree())
                .map(state -> state.settings().site())
                .orElseGet(Site::free);
    }

    private String database() {
        if (options.database() != null) {
            return options.database();
        }
        return before.filter(state -> !state.alive().isEmpty())
                .map(state -> state.settings().database())
                .orElse("h2");
    }
}
