package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab status}: every process and how it is; ends with 0 only if all are ready. */
@Command(name = "status", description = "Says of every process whether it runs and is ready, and if not, why.")
final class StatusCommand implements Callable<Integer> {
    /** All is well for {@code status} only then; scripts can tell without reading. */
    private static final int NOT_ALL_READY = 1;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Terminal.out(spec);
        MeshStatus status = Here.mesh().status();
        if (json) {
            out.println(Json.pretty(status.toJson()));
        } else {
            StatusTable.print(status, out);
        }
        out.flush();
        return status.allReady() ? 0 : NOT_ALL_READY;
    }
}
