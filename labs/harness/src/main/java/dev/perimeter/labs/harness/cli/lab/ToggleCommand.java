package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.grade.Switch;
import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.lab.Toggle;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab toggle NN [NAME=]VALUE}: flips a switch of the running mesh and waits until it is so. */
@Command(name = "toggle", description = "Flips a switch of a lab on the running mesh, and waits until it is so.")
final class ToggleCommand implements Runnable {
    /** Set for a class that is graded: no toggle before the predictions. */
    private static final String GRADED = "LAB_GRADED";

    @Parameters(index = "0", paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Parameters(index = "1", paramLabel = "[NAME=]VALUE", description = "Such as on, or sidecar=on.")
    private String wish = "";

    @Option(names = "--graded", description = "Refuses before predictions were made (or set LAB_GRADED=true).")
    private boolean graded;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        String value = wish.substring(wish.indexOf('=') + 1);
        Toggle toggle = toggle(here.lab(), wish.contains("=") ? wish.substring(0, wish.indexOf('=')) : "", value);
        if (here.mesh().state().isEmpty()) {
            throw new Refused("The mesh is down; scripts/lab up starts it.");
        }
        boolean forward = !value.equals(toggle.off());
        if (forward
                && (graded || Boolean.parseBoolean(System.getenv(GRADED)))
                && !here.record().predictionsStand()) {
            throw new Refused("First say what you expect: scripts/lab predict "
                    + here.lab().id() + ".");
        }
        Switch.of(here.lab(), here.mesh()).set(toggle, value);
        if (forward || here.record().has(LearnerRecord.Part.PREDICTED)) {
            here.record().done(LearnerRecord.Part.TOGGLED, Instant.now());
        }
        out.println(toggle.name() + " is " + value + ".");
        out.flush();
    }

    /** The toggle of that name; without a name the first that has the value. */
    private static Toggle toggle(LabManifest lab, String name, String value) {
        return lab.toggles().stream()
                .filter(each -> name.isEmpty() || each.name().equals(name))
                .filter(each -> each.values().containsKey(value))
                .findFirst()
                .orElseThrow(() -> new Refused("Lab " + lab.id() + " has no toggle "
                        + (name.isEmpty() ? "with the value \"" + value : "\"" + name + "=" + value) + "\"; it has "
                        + lab.toggles().stream()
                                .map(each -> each.name() + "="
                                        + String.join("|", each.values().keySet()))
                                .collect(Collectors.joining(", "))
                        + "."));
    }
}
