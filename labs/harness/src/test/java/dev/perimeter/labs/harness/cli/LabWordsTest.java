package dev.perimeter.labs.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the commands of the labs say to a word they cannot use. Nothing here starts or writes anything. */
class LabWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            value = {
                "hint 00.1 @ Lab 00 has no hints; its text tells all there is to do.",
                "hint 10.9 @ There is no hint 10.9; there are 10.1, 10.2, 10.3, 10.4, 10.5, 10.6.",
                "hint 10.1 --rung 0 @ There is no rung 0; the hints for 10.1 are 1 to 3.",
                "hint 10.1 --rung 4 @ There is no rung 4; the hints for 10.1 are 1 to 3.",
                "toggle 10 blue @ Lab 10 has no toggle with the value \"blue\"; it has sidecar=off|on,"
                        + " transport=rest|grpc.",
                "toggle 10 transport=blue"
                        + "@ Lab 10 has no toggle \"transport=blue\"; it has sidecar=off|on, transport=rest|grpc.",
                "show 77 @ There is no lab 77; there are 00, 10."
            })
    void word_nobodyKnows_isAnsweredWithThoseThereAre(String words, String sentence) {
        StringWriter err = new StringWriter();

        int status = Lab.commandLine().setErr(new PrintWriter(err)).execute(words.split(" "));

        assertThat(err.toString().lines()).containsExactly("lab: " + sentence);
        assertThat(status).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    }

    @Test
    void folder_thatCannotBeWritten_isOneSentenceAndNoBug() {
        StringWriter err = new StringWriter();
        CommandLine lab = Lab.commandLine().addSubcommand(new Write()).setErr(new PrintWriter(err));

        assertThat(lab.execute("write")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("lab: /clone/.lab/learner cannot be used (access denied);")
                .doesNotContain("bug");
    }

    @CommandLine.Command(name = "write")
    private static final class Write implements Runnable {
        @Override
        public void run() {
            throw new UncheckedIOException(new AccessDeniedException("/clone/.lab/learner"));
        }
    }
}
