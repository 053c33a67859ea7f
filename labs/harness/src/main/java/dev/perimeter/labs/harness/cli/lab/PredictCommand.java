package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.Question;
import dev.perimeter.labs.harness.record.Interview;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab predict NN}: asks what you expect, before you see it. Made is what counts, not right. */
@Command(
        name = "predict",
        description = "Asks what you expect before you see it. It counts that you say, not that it is right.")
final class PredictCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        if (!here.record().predictions().isEmpty()) {
            // Asked again, a prediction would be a report; the first is the one that was made before looking.
            out.printf(
                    "You have predicted already, %s, and that stands. scripts/lab verify %s holds it against what is"
                            + " seen.%n",
                    shortened(here.record().predictionsHash()), here.lab().id());
            out.flush();
            return;
        }
        Map<String, String> answers =
                new Interview(out).ask(Question.read(here.lab().folder().resolve("predict.yaml")));
        String hash = here.record().predict(answers, here.settings().text());
        here.record().done(LearnerRecord.Part.PREDICTED, Instant.now());
        out.println("Written down, " + shortened(hash) + ". Now flip the toggle.");
        out.flush();
    }

    private static String shortened(String hash) {
        return hash.substring(0, Math.min(12, hash.length()));
    }
}
