package dev.perimeter.labs.harness.fault;

import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.process.ProcessId;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes and mends faults of a mesh that belongs to a check. */
public final class Faults {

    private static final long UNBIND_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Mesh mesh;

    public Faults(Mesh mesh) {
        this.mesh = mesh;
    }

    /** A fault that lasts until it is closed; then the mesh is whole again. */
    public interface Fault extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Cuts the link to every pod of a deployment: whoever connects to its address waits. Nobody is told: the local node,
     * which would take the pod out of its service, is held meanwhile, as a control plane on the far side of a cut would
     * not know either.
     *
     * @param pods prefix of the names of the pods, such as {@code payment}
     */
    public Fault cutLinkTo(String pods) {
        RunState state = mesh.state().orElseThrow();
        signal("STOP", state.node());
        List<DeadAddress> dead = new ArrayList<>();
        try {
            for (RunningProcess process : facingOthers(state, pods)) {
                Optional.ofNullable(process.id()).ifPresent(ProcessId::kill);
                dead.add(deadAt(process.address()));
            }
        } catch (RuntimeException failed) {
            mend(state, dead);
            throw failed;
        }
        return () -> mend(state, dead);
    }

    /** The processes others connect to: the proxy where there is one, else the application. */
    private static List<RunningProcess> facingOthers(RunState state, String pods) {
        List<RunningProcess> all = state.alive().stream()
                .filter(each -> each.name().startsWith(pods))
                .toList();
        List<RunningProcess> proxies =
                all.stream().filter(each -> each.role() == Role.PROXY).toList();
        return proxies.isEmpty() ? all : proxies;
    }

    /** The killed process's socket may take a moment to go. */
    private static DeadAddress deadAt(String address) {
        int colon = address.lastIndexOf(':');
        InetSocketAddress place = new InetSocketAddress(
                InetAddress.ofLiteral(address.substring(0, colon)), Integer.parseInt(address.substring(colon + 1)));
        long end = System.nanoTime() + UNBIND_NANOS;
        while (true) {
            try {
                return DeadAddress.at(place);
            } catch (java.io.UncheckedIOException taken) {
                if (System.nanoTime() > end) {
                    throw taken;
                }
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void mend(RunState state, List<DeadAddress> dead) {
        for (DeadAddress each : dead) {
            try {
                each.close();
            } catch (IOException unimportant) {
                throw new java.io.UncheckedIOException(unimportant);
            }
        }
        signal("CONT", state.node());
        mesh.up(UpOptions.at(state.settings().gatewayPort()), Progress.SILENT);
    }

    private static void signal(String name, ProcessId process) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException noKill) {
            throw new java.io.UncheckedIOException(noKill);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
