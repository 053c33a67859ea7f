package dev.perimeter.labs.harness.node;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.node.Child.State;
import dev.perimeter.labs.harness.resource.AtomicFile;
import dev.perimeter.labs.harness.resource.ResourceStore;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.site.LabHome;
import dev.perimeter.labs.harness.workload.Launch;
import dev.perimeter.labs.harness.workload.Plan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's children. All methods run on the keeper's thread; probes come back to it as messages. */
final class Children {
    private static final Logger LOG = LoggerFactory.getLogger(Children.class);

    private final ResourceStore resources;
    private final Consumer<Runnable> keeper;
    private final Duration stopBound;
    private final StopOrder stopOrder;
    private final Probing probing;
    private final Map<String, Child> byName = new LinkedHashMap<>();
    private final Map<String, RunningProcess> found = new HashMap<>();
    /** Ended children whose description is gone, until they are. */
    private final List<Child> leaving = new ArrayList<>();

    private final Set<String> startedSinceMark = new HashSet<>();

    private Map<ObjectKey, String> published = Map.of();

    Children(LabHome home, Consumer<Runnable> keeper, Duration stopBound, StopOrder stopOrder) {
        this.resources = new ResourceStore(home.resources());
        this.keeper = keeper;
        this.stopBound = stopBound;
        this.stopOrder = stopOrder;
        this.probing = new Probing(keeper);
    }

    /** Remembers what an earlier node had started; {@link #follow} takes over what still runs. */
    void adoptLater(RunState before) {
        before.alive().forEach(process -> found.put(process.name(), process));
    }

    /** Makes the children those of the plan: adopts, restarts what changed, ends what is not wanted any more. */
    void follow(Plan plan, boolean first) {
        plan.files().forEach(AtomicFile::write);
        Set<String> wanted = new HashSet<>();
        for (Launch launch : plan.launches()) {
            wanted.add(launch.name());
            Child child = byName.get(launch.name());
            if (child == null) {
                byName.put(launch.name(), fresh(launch));
            } else if (!child.launch.digest().equals(launch.digest())) {
                LOG.info("{} changed: restarting it", launch.name());
                child.launch = launch;
                child.stop(stopBound.toNanos(), true);
            } else {
                child.launch = launch;
            }
        }
        byName.values().removeIf(child -> {
            if (wanted.contains(child.launch.name())) {
                return false;
            }
            leave(child);
            return true;
        });
        if (first) {
            found.values().stream()
                    .filter(stranger -> !wanted.contains(stranger.name()))
                    .forEach(process -> leave(orphan(process)));
            found.clear();
        }
    }

    private Child fresh(Launch launch) {
        RunningProcess running = found.get(launch.name());
        if (running == null) {
            return new Child(launch);
        }
        LOG.info("{} still runs (pid {}): adopting it", launch.name(), running.id());
        Child child = Child.adopted(launch, running);
        if (!running.digest().equals(launch.digest())) {
            child.stop(stopBound.toNanos(), true);
        }
        return child;
    }

    private void leave(Child child) {
        child.stop(stopBound.toNanos(), false);
        leaving.add(child);
    }

    private static Child orphan(RunningProcess process) {
        Launch nothing = new Launch(
                process.name(),
                process.role(),
                process.address(),
                process.command(),
                List.of(),
                Map.of(),
                process.log(),
                process.accessLog(),
                process.probe(),
                List.of(),
                null);
        return Child.adopted(nothing, process);
    }

    /** Gives every dead child another life. */
    void startMissing() {
        for (Child child : byName.values()) {
            if (child.state == State.DEAD) {
                child.state = State.WAITING;
                child.reason = "not started yet";
            }
        }
    }

    /** What runs now has proved itself. */
    void mark() {
        startedSinceMark.clear();
    }

    void stopStartedSinceMark() {
        byName.values().stream()
                .filter(child -> startedSinceMark.contains(child.launch.name()))
                .forEach(child -> child.stop(stopBound.toNanos(), false));
        startedSinceMark.clear();
    }

    /** One round: deaths, overdue stops, starts, probes. */
    void look(boolean stopping) {
        byName.values().forEach(this::lookAt);
        leaving.forEach(this::lookAt);
        leaving.removeIf(child -> child.state == State.DEAD);
        if (stopping) {
            stopOrder.next(byName.values()).forEach(child -> child.stop(stopBound.toNanos(), false));
            return;
        }
        byName.values().stream().filter(this::mayStart).forEach(this::start);
        byName.values().forEach(probing::look);
    }

    private void lookAt(Child child) {
        boolean started = child.state != State.WAITING && child.state != State.PREPARING && child.state != State.DEAD;
        if (started && !child.alive()) {
            boolean again = child.state == State.STOPPING && child.restart;
            child.ended();
            LOG.info("{} {}", child.launch.name(), child.reason);
            if (again) {
                child.state = State.WAITING;
                child.restart = false;
            }
        } else if (child.state == State.STOPPING) {
            child.killIfOverdue();
        }
    }

    private boolean mayStart(Child child) {
        return child.state == State.WAITING
                && !podEnds(child.launch)
                && child.launch.after().stream().allMatch(needed -> ready(needed) || !byName.containsKey(needed));
    }

    /** With or without a sidecar, another process of the pod binds the same port: the old ones have to be gone first. */
    private boolean podEnds(Launch launch) {
        return Stream.concat(byName.values().stream(), leaving.stream())
                .filter(other -> other.state == State.STOPPING)
                .anyMatch(other -> pod(other.launch).equals(pod(launch)));
    }

    private static String pod(Launch launch) {
        return launch.role() == Role.PROXY ? launch.name().replaceFirst("-proxy$", "") : launch.name();
    }

    private void start(Child child) {
        startedSinceMark.add(child.launch.name());
        Launch.Preparation preparation = child.launch.preparation();
        if (preparation == null) {
            child.start();
            return;
        }
        child.state = State.PREPARING;
        child.reason = "its files are being made";
        Thread.ofVirtual().start(() -> {
            Optional<String> problem = prepare(preparation);
            keeper.accept(() -> prepared(child, problem));
        });
    }

    private static Optional<String> prepare(Launch.Preparation preparation) {
        try {
            preparation.run();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("could not be prepared: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("was interrupted");
        }
    }

    private static void prepared(Child child, Optional<String> problem) {
        if (child.state != State.PREPARING) {
            return;
        }
        if (problem.isEmpty()) {
            child.start();
        } else {
            child.state = State.DEAD;
            child.reason = problem.get();
            LOG.error("{} {}", child.launch.name(), child.reason);
        }
    }

    /** Tells the control plane which pods are ready. */
    void publish(Plan plan) {
        Map<ObjectKey, String> slices = plan.endpointSlices(this::ready);
        if (!slices.equals(published)) {
            slices.forEach(resources::write);
            published.keySet().stream().filter(old -> !slices.containsKey(old)).forEach(resources::delete);
            published = slices;
        }
    }

    private boolean ready(String name) {
        Child child = byName.get(name);
        return child != null && child.state == State.READY;
    }

    void stopAll() {
        byName.values().stream()
                .filter(child -> child.state == State.WAITING || child.state == State.PREPARING)
                .forEach(child -> child.state = State.DEAD);
    }

    boolean allGone() {
        return leaving.isEmpty() && byName.values().stream().noneMatch(Child::alive);
    }

    List<RunningProcess> running() {
        List<RunningProcess> all = new ArrayList<>();
        byName.values().forEach(child -> {
            if (child.running != null) {
                all.add(child.running);
            }
        });
        leaving.forEach(child -> {
            if (child.running != null) {
                all.add(child.running);
            }
        });
        return all;
    }

    List<Map<String, String>> describe() {
        return Stream.concat(byName.values().stream(), leaving.stream())
                .map(child -> Map.of("name", child.launch.name(), "state", child.state.name(), "reason", child.reason))
                .toList();
    }
}
