package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.mesh.Mesh;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab apply -f FILE}: the same file, and the same meaning, as with kubectl. */
@Command(name = "apply", description = "Stores the objects of files; the mesh follows at once.")
final class ApplyCommand implements Runnable {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            required = true,
            description = "YAML or JSON with one or several objects.")
    private List<Path> files = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        Mesh mesh = Here.mesh();
        for (Path file : files) {
            for (ObjectKey key : mesh.apply(file)) {
                out.println(key + " stored");
            }
        }
        out.flush();
    }
}
