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
    void noLog_isSaid() {
        assertThat(LastLine.of(folder.resolve("none"))).contains("left no log");
    }
}
