package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.grade.Look;
import dev.perimeter.labs.harness.lab.Question;
import dev.perimeter.labs.harness.record.LearnerRecord;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab verify NN}: looks again, beside what was seen before and what you predicted. */
@Command(name = "verify", description = "Looks again and prints it beside what was seen before and what you predicted.")
final class VerifyCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        Map<String, String> now = Look.at(here.mesh(), here.lab(), here.scratch());
        String settings = here.settings().text();
        Optional<LearnerRecord.Observation> earlierOne = here.record().observedOtherThan(settings);
        Map<String, String> before =
                earlierOne.map(LearnerRecord.Observation::seen).orElse(Map.of());
        if (earlierOne.isPresent()) {
            here.record().done(LearnerRecord.Part.VERIFIED, Instant.now());
            out.printf("Before: %s%nNow:    %s%n%n", earlierOne.get().settings(), settings);
        } else {
            out.printf("Now: %s. Nothing was observed with another value.%n%n", settings);
        }
        now.forEach((what, value) -> {
            String earlier = before.getOrDefault(what, "not observed");
            out.printf("%s%n", what);
            if (earlier.equals(value)) {
                out.printf("  same    %s%n", value);
            } else {
                out.printf("  before  %s%n  now     %s%n", earlier, value);
            }
        });
        out.println();
        predictions(here, settings, now, out);
        out.flush();
    }

    private static void predictions(LabHere here, String settings, Map<String, String> now, PrintWriter out) {
        Map<String, String> predicted = here.record().predictions();
        if (predicted.isEmpty()) {
            out.println(
                    "You predicted nothing; scripts/lab predict " + here.lab().id() + " asks.");
            return;
        }
        if (!here.record().predictionsStand()) {
            out.println("The predictions were changed after they were made.");
        }
        if (here.record().predictedWith().equals(Optional.of(settings))) {
            out.println("Your predictions were made with " + settings + ", about what a toggle changes. Flip it, then"
                    + " verify again: scripts/lab show " + here.lab().id() + " names the toggles.");
            return;
        }
        List<Question> questions = Question.read(here.lab().folder().resolve("predict.yaml"));
        for (Question question : questions) {
            String answer = predicted.getOrDefault(question.id(), "");
            out.println(question.ask());
            out.println("  you said  " + question.options().getOrDefault(answer, answer));
            out.println("  seen      "
                    + question.seen()
                            .flatMap(field -> Optional.ofNullable(now.get(field)))
                            .or(question::looksFor)
                            .orElse("the lab's text tells"));
        }
    }
}
