package dev.perimeter.controlplane.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.model.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What lies in the folder, or is named to apply, and is no resource file: refused by name, and never in memory. */
class ResourceTextTest {
    @TempDir
    private Path folder;

    @Test
    void missingFile_doesNotExist() {
        assertThat(problem(folder.resolve("none.yaml")))
                .isEqualTo(folder.resolve("none.yaml") + ": The file does not exist. Check its name.");
    }

    @Test
    void directory_isCalledSo() {
        assertThat(problem(folder)).isEqualTo(folder + ": This is a directory. Name the files in it.");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void deviceWithoutEnd_isNotRead() {
        assertThat(problem(Path.of("/dev/zero"))).startsWith("/dev/zero: This is a device");
    }

    @Test
    void hugeFile_isNotRead() throws IOException {
        Path huge = folder.resolve("huge.yaml");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(300L << 20);
        }

        assertThat(problem(huge)).startsWith(huge + ": The file is larger than 1 MiB");
    }

    @Test
    void fileOfJustTheLimit_isRead() throws IOException {
        Path file = folder.resolve("full.yaml");
        String comment = "#".repeat(ResourceText.MOST_BYTES - Resources.ROUTE.length() - 1) + "\n";
        Files.writeString(file, comment + Resources.ROUTE);

        assertThat(ResourceReader.readFile(file).objects()).hasSize(1);
    }

    @Test
    void otherEncoding_isSaid() throws IOException {
        Path file = folder.resolve("latin.yaml");
        Files.write(file, "kind: Caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problem(file)).startsWith(file + ": The file is not UTF-8 text.");
    }

    private static String problem(Path file) {
        return ResourceReader.readFile(file).problems().stream()
                .map(Problem::toString)
                .findFirst()
                .orElse("");
    }
}
