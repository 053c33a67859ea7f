package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.RunningProcess;
import java.net.URI;

/** Where a process is to be reached by a browser or curl. */
final class Urls {
    private Urls() {}

    static URI of(ProcessStatus status) {
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
