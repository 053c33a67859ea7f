package dev.perimeter.labs.harness.mesh.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastLineTest {
    @TempDir
    private Path folder;

    @Test
    void trace_isSkippedForTheLineThatTells() throws IOException {
        Path log = folder.resolve("app.log");
        Files.writeString(log, "INFO started\nERROR no database\n\tat a.B.c(B.java:1)\n\t... 3 more\nINFO bye\n");

        assertThat(LastLine.of(log)).isEqualTo(log + ":2 says: ERROR no database");
    }

    @Test
    void nothingTelling_isTheLastLine() throws IOException {
        Path log = folder.resolve("app.log");
        Files.writeString(log, "one\ntwo\n\n");

        assertThat(LastLine.of(log)).isEqualTo(log + ":2 says: two");
    }

    @Test
    void lineThatOnlyInforms_isNeverQuoted() throws IOException {
        Path log = folder.resolve("app.log");
        Files.writeString(log, "INFO no Error so far\n");

        assertThat(LastLine.of(log)).isEqualTo("its log has no warning: " + log);
    }

    @Test
    void lastWordsOfAProcessThatRuns_areNotQuoted_butItsWarningsAre() throws IOException {
        Path log = folder.resolve("app.log");
        Files.writeString(log, "listening\n");
        assertThat(LastLine.warningIn(log)).isEqualTo("its log has no warning: " + log);

        Files.writeString(log, "WARN slow disk\nlistening\n");
        assertThat(LastLine.warningIn(log)).isEqualTo(log + ":1 says: WARN slow disk");
    }

    @Test
    void traceLongerThanTheLookBack_isSkippedWhole() throws IOException {
        Path log = folder.resolve("app.log");
        Files.writeString(log, "java.lang.StackOverflowError\n" + "\tat a.B.c(B.java:1)\n".repeat(1024));

        assertThat(LastLine.of(log)).isEqualTo(log + ":1 says: java.lang.StackOverflowError");
    }

    @Test
    void noLog_isSaid() {
        assertThat(LastLine.of(folder.resolve("none"))).contains("left no log");
    }
}
