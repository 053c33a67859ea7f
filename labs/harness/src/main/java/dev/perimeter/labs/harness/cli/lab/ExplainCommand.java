package dev.perimeter.labs.harness.cli.lab;

import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.lab.Question;
import dev.perimeter.labs.harness.record.Interview;
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

/** {@code lab explain NN}: one question a machine marks at once, one for a person. */
@Command(
        name = "explain",
        description = "Asks why it is so: one answer is marked at once, one is for a person to read.")
final class ExplainCommand implements Runnable {
    @Parameters(paramLabel = "NN", description = "Number of the lab.")
    private String number = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        LabHere here = LabHere.find(number);
        List<Question> questions = Question.read(here.lab().folder().resolve("explain.yaml"));
        Map<String, String> answers = new Interview(out).ask(questions);
        here.record().explain(answers);
        here.record().done(LearnerRecord.Part.EXPLAINED, Instant.now());
        for (Question question : questions) {
            String answer = answers.getOrDefault(question.id(), "");
            question.right()
                    .ifPresent(right -> out.println(
                            right.equals(answer)
                                    ? "That is it: " + question.options().get(right) + "."
                                    : "Not that one. Look at the evidence again: scripts/lab observe "
                                            + here.lab().id()));
            question.looksFor().ifPresent(looked -> out.println("Compare your own words with this: " + looked));
        }
        out.flush();
    }
}
