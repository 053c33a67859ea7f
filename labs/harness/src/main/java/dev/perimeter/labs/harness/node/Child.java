package dev.perimeter.labs.harness.node;

import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.RunningProcess;
import dev.perimeter.labs.harness.workload.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One process under the node, from wish to end. Confined to the keeper's thread.
 *
 * <p>WAITING → STARTING → READY ⇄ NOT_READY → DEAD; STOPPING on the way to a restart or an end.
 */
final class Child {
    enum State {
        /** Wanted, not started: what it needs is not ready. */
        WAITING,
        /** Something must be made before it can start. */
        PREPARING,
        /** Runs, was never ready. */
        STARTING,
        READY,
        NOT_READY,
        STOPPING,
        /** Ended, by itself or by someone; stays so until the next {@code up}. */
        DEAD
    }

    private static final File NOTHING = new File("/dev/null");

    Launch launch;
    State state = State.WAITING;
    String reason = "not started yet";

    @Nullable
    RunningProcess running;
    /** Null for an adopted process, whose exit code is its former parent's to know. */
    @Nullable
    Process process;

    boolean probing;
    long nextProbeNanos;
    long killAtNanos;
    /** After STOPPING: start again, or be gone. */
    boolean restart;

    Child(Launch launch) {
        this.launch = launch;
    }

    /** Takes over a process that an earlier node has started. */
    static Child adopted(Launch launch, RunningProcess running) {
        Child child = new Child(launch);
        child.running = running;
        child.state = State.NOT_READY;
        child.reason = "adopted, not probed yet";
        return child;
    }

    boolean alive() {
        return process != null ? process.isAlive() : running != null && running.alive();
    }

    /** Starts it; if that is not possible it is DEAD at once, with the reason. */
    void start() {
        ProcessBuilder builder = new ProcessBuilder(launch.commandLine())
                .directory(launch.log()
                        .toAbsolutePath()
                        .resolveSibling(".")
                        .normalize()
                        .toFile())
                .redirectInput(NOTHING);
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        Path accessLog = launch.accessLog();
        if (accessLog == null) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        }
        builder.redirectOutput(
                ProcessBuilder.Redirect.appendTo((accessLog == null ? launch.log() : accessLog).toFile()));
        @Nullable ProcessId id = null;
        try {
            process = builder.start();
            id = ProcessId.of(process.pid()).orElse(null);
            state = State.STARTING;
            reason = "starting";
        } catch (IOException e) {
            process = null;
            state = State.DEAD;
            reason = "could not be started: " + e.getMessage();
        }
        nextProbeNanos = System.nanoTime();
        running = new RunningProcess(
                launch.name(),
                launch.role(),
                launch.address(),
                id,
                launch.digest(),
                launch.commandLine(),
                launch.log(),
                accessLog,
                launch.probe(),
                state == State.DEAD ? reason : null);
    }

    /** Records that it is gone. */
    void ended() {
        String how = "ended";
        if (process != null) {
            int code = process.exitValue();
            // 128 + n is how a shell, and the JDK, report an end by signal n (signal(7)).
            how = code > 128 ? "ended by signal " + (code - 128) : "ended with exit code " + code;
        }
        state = State.DEAD;
        reason = how;
        if (running != null) {
            running = running.ended(how);
        }
        process = null;
    }

    /** Asks it to end; {@link LocalNode} kills it when the bound is over. */
    void stop(long boundNanos, boolean startAgain) {
        restart = startAgain;
        if (!alive()) {
            state = State.STOPPING;
            killAtNanos = System.nanoTime();
            return;
        }
        if (state != State.STOPPING) {
            state = State.STOPPING;
            reason = "stopping";
            killAtNanos = System.nanoTime() + boundNanos;
            if (running != null && running.id() != null) {
                running.id().terminate();
            }
        }
    }

    void killIfOverdue() {
        if (System.nanoTime() - killAtNanos >= 0 && running != null && running.id() != null) {
            running.id().kill();
        }
    }
}
