package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab url NAME}: for texts and scripts, which never name a port. */
@Command(
        name = "url",
        description = "Prints where something is reached: gateway, console, a pod, a proxy's admin pages.")
final class UrlCommand implements Runnable {
    @Parameters(paramLabel = "NAME", description = "gateway, console, or a name that status shows.")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        out.println(Here.mesh().url(name));
        out.flush();
    }
}
