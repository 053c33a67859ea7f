package dev.perimeter.labs.harness.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One question to a learner, from {@code predict.yaml} or {@code explain.yaml}.
 *
 * @param options letter to text; empty when the answer is a sentence of the learner's own
 * @param seen field of the observation that answers it ({@code verify} prints it beside the prediction)
 * @param right the letter a machine accepts; only where a machine marks the answer
 * @param looksFor what a person who marks the answer looks for
 */
public record Question(
        String id,
        String ask,
        Map<String, String> options,
        Optional<String> seen,
        Optional<String> right,
        Optional<String> looksFor) {

    /** The questions of one file of a lab, in its order. */
    public static List<Question> read(Path file) {
        return YamlFile.read(file, root -> {
            root.oneOf("schema", List.of("perimeter/questions/v1"));
            return root.list("questions", each -> {
                Map<String, String> options = each.map("options");
                Optional<String> right = each.optionalText("right");
                if (right.isPresent() && !options.containsKey(right.get())) {
                    each.problem("right", "is not one of the options");
                }
                return new Question(
                        each.text("id"),
                        each.text("ask"),
                        options,
                        each.optionalText("seen"),
                        right,
                        each.optionalText("looks_for"));
            });
        });
    }

    /** Whether an answer can be taken; nothing is said about right or wrong. */
    public boolean takes(String answer) {
        return options.isEmpty() ? !answer.isBlank() : options.containsKey(answer.strip());
    }
}
