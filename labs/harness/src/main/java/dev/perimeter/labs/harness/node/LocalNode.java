package dev.perimeter.labs.harness.node;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.sources.FileSource;
import dev.perimeter.controlplane.sources.FolderReader;
import dev.perimeter.controlplane.sources.LastGood;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunState.Phase;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.Site;
import dev.perimeter.labs.harness.workload.Plan;
import dev.perimeter.labs.harness.workload.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what runs equal to what shall run, on one thread that owns all state: resources, probes and callers send it
 * messages, and between messages it looks after its children. It starts a child again only when asked ({@code up}) or
 * when the child's description changed, so that a kill stays visible.
 */
final class LocalNode {
    private static final Logger LOG = LoggerFactory.getLogger(LocalNode.class);

    /** How often children are looked at without any message; a death is seen this late at most. */
    private static final long TICK_MILLIS = 50;

    private final NodeOptions options;
    private final Surroundings surroundings;
    private final LinkedBlockingQueue<Runnable> messages = new LinkedBlockingQueue<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final String token = UUID.randomUUID().toString();
    private final Children children;
    private final FolderReader resources;
    private final Map<String, Integer> numbers = new HashMap<>();
    private Phase phase = Phase.STARTING;
    private final ProcessId own = ProcessId.own();
    private @Nullable ProcessId lease;
    private @Nullable Plan plan;
    private @Nullable RunState written;
    private @Nullable String planProblem;
    private String fault = "";
    private boolean stopping;

    LocalNode(Checkout checkout, NodeOptions options) {
        this.options = options;
        this.lease = options.lease();
        RunState.Settings settings =
                new RunState.Settings(new Site(options.site()), options.port(), options.database());
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        this.surroundings = new Surroundings(checkout, options.home(), settings, java, options.record());
        this.resources = watched(LastGood.in(options.home().lastGood().resolve(RunState.NODE)));
        this.children = new Children(surroundings.home(), messages::add, options.stopBound(), options.stopOrder());
    }

    /** Runs until told to stop and all children are gone. */
    void run() throws IOException, InterruptedException {
        try (NodeServer _ = NodeServer.open(surroundings.settings().site(), token, this)) {
            RunState.read(surroundings.home().runFile()).ifPresent(before -> {
                numbers.putAll(before.numbers());
                children.adoptLater(before);
            });
            try (FileSource _ = FileSource.follow(watched(LastGood.NOTHING), world -> messages.add(this::follow))) {
                LOG.info("local node on site {}", surroundings.settings().site().number());
                keep();
            }
        } finally {
            stopped.countDown();
        }
    }

    private void keep() throws InterruptedException {
        while (!(stopping && children.allGone())) {
            Runnable message = messages.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
            try {
                while (message != null) {
                    message.run();
                    message = messages.poll();
                }
                look();
                fault = "";
            } catch (RuntimeException failed) {
                // A full disk, say, must not leave the children alone; the next look tries again.
                if (!fault.equals(failed.toString())) {
                    fault = failed.toString();
                    LOG.error("cannot look after the children: {}", fault);
                }
            }
        }
        write();
    }

    private FolderReader watched(LastGood lastGood) {
        return new FolderReader(surroundings.home().resources(), lastGood);
    }

    private void look() {
        if (lease != null && !stopping && !lease.alive()) {
            LOG.warn("the process that this is for (pid {}) has ended: ending what it started", lease.pid());
            lease = null;
            abandon();
        }
        children.look(stopping);
        if (plan != null) {
            children.publish(plan);
        }
        write();
    }

    /** A mesh that was up stays up; only what this {@code up} added goes. */
    private void abandon() {
        if (phase == Phase.UP && !options.tied()) {
            children.stopStartedSinceMark();
        } else {
            phase = Phase.ABANDONED;
            stop();
        }
    }

    /** The resources changed: reads them as they are by now, so that an old reading never overtakes a new one. */
    private void follow() {
        if (stopping) {
            return;
        }
        try {
            MeshConfig world = resources.read();
            Plan next = Plan.of(world, surroundings, numbers);
            if (plan == null
                    || !next.launches().equals(plan.launches())
                    || !next.files().equals(plan.files())) {
                next.pods().forEach(pod -> numbers.put(pod.name(), pod.number()));
                children.follow(next, plan == null);
            }
            plan = next;
            planProblem = null;
        } catch (Refused | IOException e) {
            planProblem = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.error("{}", planProblem);
        }
    }

    /** Follows the resources as they are now; answers when the children know what they shall be. */
    Map<String, Object> sync() throws InterruptedException {
        messages.add(this::follow);
        return state();
    }

    /** The {@code up} at work gives up, as if it had ended. */
    void giveUp() {
        messages.add(() -> {
            if (lease != null && !stopping) {
                lease = null;
                abandon();
            }
        });
    }

    /** An {@code up} wants everything to run; until it commits, its end is the end of what it started. */
    void startMissing(ProcessId holder) {
        messages.add(() -> {
            lease = holder;
            children.startMissing();
        });
    }

    /** The {@code up} saw an order cross. */
    void commit() {
        messages.add(() -> {
            if (!options.tied()) {
                lease = null;
            }
            phase = Phase.UP;
            children.mark();
        });
    }

    /** The states of all children, as of now; blocks for the keeper's next turn. */
    Map<String, Object> state() throws InterruptedException {
        var answer = new LinkedBlockingQueue<Map<String, Object>>();
        messages.add(() -> answer.add(describe()));
        Map<String, Object> state = answer.poll(5, TimeUnit.SECONDS);
        return state == null ? Map.of() : state;
    }

    private Map<String, Object> describe() {
        Map<String, Object> state = new HashMap<>();
        state.put("phase", (stopping ? "STOPPING" : phase.name()));
        state.put("problem", planProblem == null ? "" : planProblem);
        state.put("planned", plan != null);
        state.put("processes", children.describe());
        return state;
    }

    /** Ends everything; {@link #run} returns once all are gone. */
    void requestStop() {
        messages.add(this::stop);
    }

    private void stop() {
        stopping = true;
        children.stopAll();
    }

    /** For the shutdown hook: SIGTERM means the same as a request. */
    void stopAndWait() {
        requestStop();
        try {
            // The hook must outlast the slowest child's bound; it is over much sooner otherwise.
            stopped.await(options.stopBound().toSeconds() * 5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        RunState now = new RunState(surroundings.settings(), phase, own, token, numbers, children.running());
        if (plan != null && !now.equals(written)) {
            now.write(surroundings.home().runFile());
            written = now;
        }
    }
}
