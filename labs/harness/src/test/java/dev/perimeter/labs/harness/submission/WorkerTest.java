package dev.perimeter.labs.harness.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.perimeter.labs.harness.check.CheckFailed;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.check.Story;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that misbehaves is a story about the submission, never a fault of the lab. */
class WorkerTest {

    @TempDir
    Path folder;

    @Test
    void noisyProcess_isReadAsFarAsItsLimit() throws IOException {
        String code = "byte[] many = new byte[1 << 20]; java.util.Arrays.fill(many, (byte) 'x');"
                + "for (int i = 0; i < 20; i++) System.err.write(many, 0, many.length);"
                + "System.out.println(\"port 1\"); System.in.read();";

        try (Worker worker = subject(code).start(new Story())) {
            assertThat(worker.log()).hasSize(1_000_000);
            assertThat(worker.threw()).isEmpty();
        }
    }

    @Test
    void portThatIsNone_isTheSubmissionsDoing() throws IOException {
        CheckFailed failed = failure("System.out.println(\"port abc\"); System.in.read();");

        assertThat(failed.status()).isEqualTo(Status.CRASH);
        assertThat(failed).hasMessage("\"port abc\" where its host says the port");
    }

    @Test
    void lineWithoutEnd_isCut() throws IOException {
        CheckFailed failed = failure("while (true) System.out.print(\"xxxxxxxxxxxxxxxx\");");

        assertThat(failed.status()).isEqualTo(Status.CRASH);
        assertThat(failed.getMessage()).hasSizeLessThan(500);
    }

    @Test
    void hostThatDoesNotAnswer_isEndedAndSaysSo() throws IOException {
        String code = "System.out.println(\"port 1\"); System.in.read();"
                + "new java.util.concurrent.CountDownLatch(1).await();";

        try (Worker worker = subject(code).start(new Story())) {
            assertThat(worker.ask("left", Duration.ofMillis(50))).isEqualTo("no answer within 50 ms");
            assertThat(worker.ask("left")).isEqualTo("gone");
        }
    }

    @Test
    void constructorThatThrows_isNamedWithItsOwnLine() throws IOException {
        CheckFailed failed = failure("try { new Mine(); } catch (RuntimeException thrown) {"
                + " throw new java.util.concurrent.CompletionException(thrown); }");

        assertThat(failed.status()).isEqualTo(Status.CRASH);
        assertThat(failed)
                .hasMessage("the process ended by itself: java.lang.IllegalStateException: no settings (Mine.java:3)");
    }

    @Test
    void processThatEnds_isToldWithItsLastWords() throws IOException {
        assertThat(failure("System.err.println(\"good bye\");")).hasMessageEndingWith("by itself: good bye");
        assertThat(failure("System.exit(0);")).hasMessageEndingWith("by itself: it said nothing");
    }

    private CheckFailed failure(String code) throws IOException {
        Subject subject = subject(code);
        return catchThrowableOfType(
                CheckFailed.class, () -> subject.start(new Story()).close());
    }

    /** A host that does as told, and a class of the learner's that cannot be made. */
    private Subject subject(String code) throws IOException {
        Path sources = Files.createTempDirectory(folder, "sources");
        Path mine = sources.resolve("Mine.java");
        Path host = sources.resolve("Host.java");
        Files.writeString(
                mine,
                "package learner; public class Mine {\n"
                        + "public Mine() {\n"
                        + "throw new IllegalStateException(\"no settings\");\n"
                        + "}}");
        Files.writeString(
                host,
                "package learner; public class Host { public static void main(String[] a) throws Exception { " + code
                        + " } }");
        Path classes = sources.resolve("classes");
        assertThat(SubmissionCompiler.compile(List.of(mine, host), List.of(), classes))
                .isEmpty();
        return new Subject("Mine", "learner.Mine", "learner.Host", List.of(classes), 32, sources.resolve("logs"));
    }
}
