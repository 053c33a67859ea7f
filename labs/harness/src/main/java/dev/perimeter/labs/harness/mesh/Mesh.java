package dev.perimeter.labs.harness.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.lifecycle.BringUp;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.TakeDown;
import dev.perimeter.labs.harness.mesh.lifecycle.UpLock;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.lifecycle.Waiting;
import dev.perimeter.labs.harness.mesh.status.Console;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.mesh.status.MissingLink;
import dev.perimeter.labs.harness.mesh.status.ProcessStatus;
import dev.perimeter.labs.harness.mesh.status.StatusReader;
import dev.perimeter.labs.harness.mesh.status.Urls;
import dev.perimeter.labs.harness.node.NodeClient;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.workload.Plan;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The mesh whose state lies in one folder, running or not. Holds nothing in memory: two objects, or two programs, may
 * look after the same mesh. Every method may throw {@link Refused} with a sentence for the person who asked.
 */
public final class Mesh {
    /** Name of the local node among the processes. */
    public static final String NODE = RunState.NODE;

    private static final Duration SETTLE_BOUND = Duration.ofSeconds(90);

    private final Checkout checkout;
    private final LabHome home;

    private Mesh(Checkout checkout, LabHome home) {
        this.checkout = checkout;
        this.home = home;
    }

    /** The mesh in {@code home}, run from the jars of {@code checkout}. */
    public static Mesh open(Checkout checkout, LabHome home) {
        return new Mesh(checkout, home);
    }

    public Checkout checkout() {
        return checkout;
    }

    public LabHome home() {
        return home;
    }

    /** Its resource files. */
    public ResourceStore resources() {
        return new ResourceStore(home.resources());
    }

    /** What the local node wrote last; empty when it is down. */
    public Optional<RunState> state() {
        return RunState.read(home.runFile());
    }

    /**
     * Starts what does not run and waits until an order has really crossed. If it cannot, ends whatever this call
     * started; so does the local node if this process ends meanwhile. Waits for another {@code up} to end.
     *
     * @throws Refused naming the missing link: which process, which log line
     */
    public MeshStatus up(UpOptions options, Progress progress) {
        home.prepare();
        try (UpLock _ = UpLock.take(home, progress)) {
            return new BringUp(checkout, home, options, progress).run();
        }
    }

    /**
     * Looks for what would be in the way of {@link #up} and can be known beforehand.
     *
     * @throws Refused naming it
     */
    public void check(UpOptions options) {
        home.prepare();
        new BringUp(checkout, home, options, Progress.SILENT).check();
    }

    /**
     * Ends every process of this mesh, and only those. Logs, resources and data stay.
     *
     * @return how many were running
     */
    public int down(Progress progress) {
        return new TakeDown(home, progress).run();
    }

    /** How it is now. */
    public MeshStatus status() {
        return StatusReader.read(home);
    }

    /** One process, named in full or in short: {@code payment-v1} means {@code payment-v1-0}. */
    public ProcessStatus process(String name) {
        MeshStatus status = status();
        return status.process(name)
                .or(() -> status.process(name + "-0"))
                .or(() -> status.process(name.replaceFirst("-proxy$", "-0-proxy")))
                .orElseThrow(() -> new Refused(
                        status.processes().isEmpty()
                                ? "The mesh is down; scripts/lab up starts it."
                                : "There is no process \"%s\"; there are: %s."
                                        .formatted(
                                                name,
                                                String.join(
                                                        ", ",
                                                        status.processes().stream()
                                                                .map(ProcessStatus::name)
                                                                .toList()))));
    }

    /** Where something is to be reached: {@code gateway}, {@code console}, a pod, or a proxy's admin pages. */
    public URI url(String name) {
        RunState state = state().orElseThrow(() -> new Refused("The mesh is down; scripts/lab up starts it."));
        return switch (name) {
            case Plan.GATEWAY -> Urls.gateway(state);
            case "console", Plan.CONTROL_PLANE -> Console.address(state);
            default -> Urls.of(process(name));
        };
    }

    /** The control plane's console; it may not answer. */
    public Console console() {
        return Console.of(state().orElseThrow(() -> new Refused("The mesh is down; scripts/lab up starts it.")));
    }

    /**
     * Stores the objects of a file, or nothing if one is bad. A running mesh follows at once; whether the control plane
     * could use an object is in its conditions.
     */
    public List<ObjectKey> apply(Path file) {
        List<ObjectKey> stored = resources().apply(file);
        sync();
        return stored;
    }

    /** Like {@link #apply(Path)}; problems call the text {@code name}. */
    public List<ObjectKey> apply(String name, String text) {
        List<ObjectKey> stored = resources().apply(name, text);
        sync();
        return stored;
    }

    /** Removes an object. Answers whether it was there. */
    public boolean delete(ObjectKey key) {
        boolean deleted = resources().delete(key);
        sync();
        return deleted;
    }

    /** Changes a Deployment and, if the mesh runs, waits until its pods are as it says and ready. */
    public void workload(WorkloadChange change) {
        change.writeTo(resources());
        settle();
    }

    /** Changes several Deployments at once and, if the mesh runs, waits until all pods are as they say and ready. */
    public void workloads(List<WorkloadChange> changes) {
        changes.forEach(change -> change.writeTo(resources()));
        settle();
    }

    /** Waits until every process the resources ask for is ready and none is on its way out; at once if it is down. */
    public void settle() {
        state().filter(RunState::nodeAlive).ifPresent(state -> {
            NodeClient node = new NodeClient(state);
            node.sync();
            boolean settled = Waiting.until(SETTLE_BOUND, () -> node.state().filter(Mesh::isDecided))
                    .filter(NodeClient.NodeState::allReady)
                    .isPresent();
            if (!settled) {
                throw new Refused(MissingLink.among(status()));
            }
        });
    }

    /** A process that has died does not come back by waiting. */
    private static boolean isDecided(NodeClient.NodeState state) {
        return state.allReady() || state.children().values().stream().anyMatch(NodeClient.ChildState::dead);
    }

    private void sync() {
        state().filter(RunState::nodeAlive).ifPresent(state -> new NodeClient(state).sync());
    }
}
