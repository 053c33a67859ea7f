package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
        Set<String> away = new LinkedHashSet<>();
        LabHere.all().forEach(lab -> {
            // Labs share toggles; each is told once, by the lab that has it first.
            Set<String> told = away.stream().map(NextCommand::toggle).collect(Collectors.toSet());
            LabHere.find(lab.id()).settings().away(lab).stream()
                    .filter(sentence -> !told.contains(toggle(sentence)))
                    .forEach(away::add);
        });
        next(out);
        away.forEach(out::println);
        out.flush();
    }

    private static String toggle(String sentence) {
        return sentence.substring(0, sentence.indexOf(' '));
    }

    private static void next(PrintWriter out) {
        for (LabManifest lab : LabHere.all()) {
            LabHere here = LabHere.find(lab.id());
            List<LearnerRecord.Part> open = here.record().open();
            if (!open.isEmpty()) {
                String verb = ListCommand.verb(open.getFirst());
                String value = verb.equals("toggle") ? other(here) : "";
                out.printf("Lab %s, %s: scripts/lab %s %s%s%n", lab.id(), lab.title(), verb, lab.id(), value);
                return;
            }
        }
        out.println("All labs that exist are done.");
    }

    /** The side of the lab's first toggle where it does not stand now. */
    private static String other(LabHere here) {
        return here.lab().toggles().stream()
                .findFirst()
                .map(toggle -> " " + toggle.name() + "="
                        + (toggle.on().equals(here.settings().now().get(toggle.name())) ? toggle.off() : toggle.on()))
                .orElse("");
    }
}
