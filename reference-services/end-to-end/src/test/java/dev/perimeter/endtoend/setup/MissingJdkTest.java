package dev.perimeter.endtoend.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a machine without a JDK 25 says. The machine is this one, seen from a mount namespace in which empty folders
 * cover every JDK 25; outside of it nothing changes.
 */
class MissingJdkTest {

    private static final Path ROOT = root();

    @TempDir
    Path empty;

    @BeforeEach
    void canHideIt() throws Exception {
        assumeThat(hidden("mvn --version").status())
                .as("needs Linux, the right to make a mount namespace, and Maven on another JDK than 25")
                .isZero();
    }

    @Test
    void javaHome_noJdk25_saysOneSentence() throws Exception {
        Result result = hidden("scripts/java-home.sh");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).singleElement().asString().startsWith("No JDK 25 was found");
    }

    @Test
    void maven_noJdk25_stopsInValidateWithTheSameSentence() throws Exception {
        String sentence = hidden("scripts/java-home.sh").lines().getFirst();

        Result result = hidden("mvn --batch-mode --offline verify");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lines()).noneMatch(line -> line.contains("maven-compiler-plugin"));
        assertThat(result.lines().stream().filter(line -> line.contains("Failed to execute goal")))
                .singleElement()
                .asString()
                .endsWith(sentence + " -> [Help 1]");
    }

    @Test
    void lab_noJdk25_saysTheSameSentenceAndNothingElse() throws Exception {
        List<String> sentence = hidden("scripts/java-home.sh").lines();

        Result result = hidden("scripts/lab up");

        assertThat(result.status()).isNotZero();
        assertThat(result.lines()).isEqualTo(sentence);
    }

    @Test
    void testCommand_noJdk25_saysTheSameSentenceAndNothingElse() throws Exception {
        List<String> sentence = hidden("scripts/java-home.sh").lines();

        Result result = hidden("scripts/test.sh");

        assertThat(result.status()).isNotZero();
        assertThat(result.lines()).isEqualTo(sentence);
    }

    /** Runs a command in the root of the clone where no JDK 25 can be seen. */
    private Result hidden(String command) throws IOException, InterruptedException {
        String script = "unset JAVA_HOME; while home=$(scripts/java-home.sh 2>/dev/null); do" + " mount --bind '"
                + empty + "' \"$home\" || exit 125; done; exec " + command;
        Path output = empty.resolveSibling(empty.getFileName() + ".out");
        try {
            Process process = new ProcessBuilder("unshare", "--map-root-user", "--mount", "sh", "-c", script)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            try (Stream<String> lines = Files.lines(output, StandardCharsets.UTF_8)) {
                return new Result(
                        process.exitValue(), lines.map(MissingJdkTest::plain).toList());
            }
        } catch (IOException noUnshare) {
            return new Result(127, List.of());
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Maven colours what it prints and ends it with a reset, even when it does not write to a terminal. */
    private static String plain(String line) {
        return line.replaceAll("\u001B\\[[0-9;]*m", "");
    }

    private static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return root;
    }

    private record Result(int status, List<String> lines) {}
}
