package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Columns;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab list}: the labs there are and how far you are in each. */
@Command(name = "list", description = "Lists the labs and how far you are in each.")
final class ListCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        Columns table = new Columns(List.of("LAB", "TITLE", "MINUTES", "POINTS", "STILL TO DO"));
        for (LabManifest lab : LabHere.all()) {
            table.add(List.of(
                    lab.id(),
                    lab.title(),
                    Integer.toString(lab.ritual() + lab.effort()),
                    Integer.toString(lab.points()),
                    open(LabHere.find(lab.id()).record())));
        }
        table.print(out);
        out.flush();
    }

    static String open(LearnerRecord record) {
        List<LearnerRecord.Part> open = record.open();
        return open.isEmpty()
                ? "nothing, all done"
                : open.stream().map(ListCommand::verb).collect(Collectors.joining(", "));
    }

    static String verb(LearnerRecord.Part part) {
        return switch (part) {
            case OBSERVED -> "observe";
            case PREDICTED -> "predict";
            case TOGGLED -> "toggle";
            case VERIFIED -> "verify";
            case EXPLAINED -> "explain";
            case CHECKED -> "check";
        };
    }
}
