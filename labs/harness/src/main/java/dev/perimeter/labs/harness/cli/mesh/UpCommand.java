package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.mesh.CacheRecording;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.lifecycle.Progress;
import dev.perimeter.labs.harness.mesh.lifecycle.UpOptions;
import dev.perimeter.labs.harness.mesh.status.MeshStatus;
import dev.perimeter.labs.harness.shop.Shop;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab up}: builds (the launcher did), starts what does not run, ends when an order has crossed. */
@Command(
        name = "up",
        description = "Starts what does not run yet, and returns when an order has really crossed the mesh.")
final class UpCommand implements Runnable {
    /** Those below are for root (RFC 6335, section 6). */
    private static final int LOWEST_PORT = 1_024;

    private static final int HIGHEST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:LAB_PORT:-0}",
            description = "Port of the gateway's door at 127.0.0.1 (8080, or where it was before).")
    private int port = 0;

    @Option(names = "--with", paramLabel = "DATABASE", description = "postgres instead of H2.")
    private @Nullable String database;

    @Option(
            names = "--no-cache",
            description = "Does not record ahead-of-time caches, which make later starts several times faster.")
    private boolean noCache;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (port != 0 && (port < LOWEST_PORT || port > HIGHEST_PORT)) {
            throw new Refused("Port %d is no port for the gateway; choose one from %d to %d (--port, or LAB_PORT)."
                    .formatted(port, LOWEST_PORT, HIGHEST_PORT));
        }
        if (database != null && !database.equals("h2") && !database.equals("postgres")) {
            throw new Refused(
                    "There is no database \"%s\" here; write --with postgres, or --with h2.".formatted(database));
        }
        PrintWriter out = Terminal.out(spec);
        Progress progress = line -> {
            out.println(line);
            out.flush();
        };
        Mesh mesh = Here.mesh();
        UpOptions options = UpOptions.at(port).with(database);
        // Before the minute that the caches take, not after it.
        mesh.check(options);
        if (!noCache) {
            new CacheRecording(mesh, progress).recordIfMissing();
        }
        MeshStatus status = mesh.up(options, progress);
        out.println();
        StatusTable.print(status, out);
        out.println();
        out.println("Place an order yourself:");
        out.println("  " + new Shop(mesh.url("gateway")).curl());
        out.flush();
    }
}
