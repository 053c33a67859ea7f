package dev.perimeter.labs.harness.mesh.status;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.RunState;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.net.URI;

/** Where a process is to be reached by a browser or curl. */
public final class Urls {
    private Urls() {}

    /** The door of the mesh. */
    public static URI gateway(RunState state) {
        return URI.create("http://127.0.0.1:" + state.settings().gatewayPort());
    }

    /**
     * The address of a process.
     *
     * @throws Refused if it has not been started yet
     */
    public static URI of(ProcessStatus status) {
        RunningProcess process = status.process();
        if (process == null) {
            throw new Refused(status.name() + " has not been started yet; scripts/lab status tells why.");
        }
        Probe probe = process.probe();
        return switch (status.role()) {
            // A proxy's own pages; what it relays is reached by the names of services.
            case PROXY -> URI.create("http://" + probe.host() + ":" + probe.port());
            case DATABASE, NODE -> URI.create("tcp://" + status.address());
            case APP, GATEWAY, CONTROL_PLANE -> URI.create("http://" + status.address());
        };
    }
}
