package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Columns;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.grade.Look;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab observe NN}: looks at the running mesh the way the lab does, and keeps what was seen. */
@Command(name = "observe", description = "Looks at the running mesh the way the lab does, and keeps what was seen.")
final class ObserveCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        Map<String, String> seen = Look.at(here.mesh(), here.lab(), here.scratch());
        here.record().observed(here.settings().text(), seen);
        here.record().done(LearnerRecord.Part.OBSERVED, Instant.now());
        Columns table = new Columns(List.of("WHAT", "SEEN"));
        seen.forEach((what, value) -> table.add(List.of(what, value)));
        table.print(out);
        out.flush();
    }
}
