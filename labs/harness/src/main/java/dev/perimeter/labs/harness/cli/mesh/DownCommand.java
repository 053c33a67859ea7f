package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.RunData;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab down}: ends what {@code up} started, and nothing else. */
@Command(name = "down", description = "Ends every process of the mesh; logs, resources and your progress stay.")
final class DownCommand implements Runnable {
    @Option(
            names = "--clean",
            description = "Also removes what the run left: logs, data, resources. Your files and progress stay.")
    private boolean clean;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        Mesh mesh = Here.mesh();
        int ended = mesh.down(line -> {
            out.println(line);
            out.flush();
        });
        if (clean) {
            RunData.remove(mesh.home());
        }
        out.println((ended == 0 ? "Nothing was running" : "The mesh is down") + (clean ? "; run data removed." : "."));
        out.flush();
    }
}
