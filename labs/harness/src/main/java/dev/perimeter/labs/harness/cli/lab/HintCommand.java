package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.grade.RitualRun;
import dev.perimeter.labs.harness.lab.BadLab;
import dev.perimeter.labs.harness.lab.Hints;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab hint NN.T}: a hint about one check, a rung further each time it is asked. */
@Command(name = "hint", description = "Gives a hint about one check; asked again, the next of three.")
final class HintCommand implements Runnable {
    @Parameters(paramLabel = "NN.T", description = "The check, as its failure names it: 10.4.")
    private String check = "";

    @Option(names = "--rung", paramLabel = "N", description = "1 where to look, 2 the idea, 3 almost there.")
    private @Nullable Integer rung;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(check.contains(".") ? check.substring(0, check.indexOf('.')) : check);
        Map<String, List<String>> all = hints(here).rungs();
        String id = RitualRun.idOf(here.lab(), check.substring(check.indexOf('.') + 1));
        List<String> rungs = all.getOrDefault(id, List.of());
        if (rungs.isEmpty()) {
            throw new Refused(
                    all.isEmpty()
                            ? "Lab " + here.lab().id() + " has no hints; its text tells all there is to do."
                            : "There is no hint " + check + "; there are " + String.join(", ", all.keySet()) + ".");
        }
        if (rung != null && (rung < 1 || rung > rungs.size())) {
            throw new Refused("There is no rung %d; the hints for %s are 1 to %d.".formatted(rung, id, rungs.size()));
        }
        int next = rung != null ? rung : here.record().hintAsked(id, rungs.size());
        String last = here.record().lastCheck().getOrDefault(id, "");
        if (next == 1 && !last.isEmpty() && !last.equals("PASS")) {
            out.println("Last time: " + last);
        }
        out.printf("Hint %d of %d for %s%n", next, rungs.size(), id);
        out.println(rungs.get(next - 1));
        out.flush();
    }

    private static Hints hints(LabHere here) {
        try {
            return Hints.read(here.lab());
        } catch (BadLab bad) {
            throw new Refused("the hints cannot be read:\n" + bad.getMessage());
        }
    }
}
