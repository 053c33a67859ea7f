package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.LabManifest;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab show NN}: what a lab is about and where its text and your file are. */
@Command(name = "show", description = "Says what a lab is about, and where its text and your file are.")
final class ShowCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        LabManifest lab = here.lab();
        var root = here.mesh().checkout().root();
        out.printf("Lab %s: %s%n", lab.id(), lab.title());
        out.println(lab.goal());
        out.println();
        out.println("Text:     " + root.relativize(lab.folder().resolve("lab.adoc")));
        lab.toggles()
                .forEach(toggle -> out.printf(
                        "Toggle:   scripts/lab toggle %s %s=%s%n",
                        lab.id(),
                        toggle.name(),
                        String.join("|", toggle.values().keySet())));
        here.settings().away(lab).forEach(sentence -> out.println("Now:      " + sentence));
        lab.challenge()
                .ifPresent(challenge -> challenge
                        .allowedFiles()
                        .forEach(file -> out.println("Yours:    "
                                + (here.work().startsWith(root) ? root.relativize(here.work()) : here.work())
                                        .resolve(file))));
        out.println("To do:    " + ListCommand.open(here.record()));
        out.flush();
    }
}
