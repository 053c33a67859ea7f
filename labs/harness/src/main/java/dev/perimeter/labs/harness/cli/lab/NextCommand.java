package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab next}: the first thing that is still to do. */
@Command(name = "next", description = "Says what to do next.")
final class NextCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        for (LabManifest lab : LabHere.all()) {
            LabHere here = LabHere.find(lab.id());
            List<LearnerRecord.Part> open = here.record().open();
            if (!open.isEmpty()) {
                String verb = ListCommand.verb(open.getFirst());
                String value = verb.equals("toggle") && !lab.toggles().isEmpty()
                        ? " " + lab.toggles().getFirst().on()
                        : "";
                out.printf("Lab %s, %s: scripts/lab %s %s%s%n", lab.id(), lab.title(), verb, lab.id(), value);
                out.flush();
                return;
            }
        }
        out.println("All labs that exist are done.");
        out.flush();
    }
}
