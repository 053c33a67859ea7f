package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What a run leaves and {@code down --clean} removes. A learner's files and progress are not among it. */
public final class RunData {
    private RunData() {}

    /**
     * Removes it; the mesh must be down.
     *
     * @throws Refused if a file cannot be removed
     */
    public static void remove(LabHome home) {
        List<Path> all = List.of(
                home.resources(),
                home.lastGood(),
                home.bootstrap(),
                home.data(),
                home.logs(),
                home.hosts(),
                home.runFile(),
                home.folder().resolve("seed.json"));
        all.forEach(RunData::removeTree);
    }

    /** Removes a file, or a folder with all in it; nothing if it is not there. */
    static void removeTree(Path top) {
        if (!Files.exists(top)) {
            return;
        }
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new Refused("%s cannot be removed; check who may write there.".formatted(top), e);
        }
    }
}
