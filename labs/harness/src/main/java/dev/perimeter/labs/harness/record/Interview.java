package dev.perimeter.labs.harness.record;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.lab.Question;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks questions on the terminal, one after the other, until each has an answer that can be taken. */
public final class Interview {

    private final BufferedReader in;
    private final PrintWriter out;
    private final boolean echo;

    /** Questions go to {@code out}; answers come from standard input. */
    public Interview(PrintWriter out) {
        this.in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        this.out = out;
        // Where answers come from a file or a pipe, the transcript shows them as a terminal would.
        this.echo = System.console() == null || !System.console().isTerminal();
    }

    /**
     * Asks all of them.
     *
     * @return the answers by the id of the question
     * @throws Refused when the input ends before the questions do
     */
    public Map<String, String> ask(List<Question> questions) {
        Map<String, String> answers = new LinkedHashMap<>();
        int number = 1;
        for (Question question : questions) {
            out.printf("%d of %d  %s%n", number++, questions.size(), question.ask());
            question.options().forEach((letter, text) -> out.printf("  %s) %s%n", letter, text));
            answers.put(question.id(), answer(question));
        }
        return answers;
    }

    private String answer(Question question) {
        while (true) {
            out.print("> ");
            out.flush();
            String line = readLine();
            if (echo) {
                out.println(line);
            }
            if (question.takes(line)) {
                return line.strip();
            }
            out.println("One of " + String.join(", ", question.options().keySet()) + ", please.");
        }
    }

    private String readLine() {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new Refused("The answers ended before the questions did; nothing was written.");
            }
            return line;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
