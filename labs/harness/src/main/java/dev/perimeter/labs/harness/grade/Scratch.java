package dev.perimeter.labs.harness.grade;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder whose content belongs to the last run only. */
public final class Scratch {

    private Scratch() {}

    /** Empties the folder and makes it when it is not there. */
    public static void clear(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> content = Files.walk(folder)) {
                    List<Path> deepestFirst =
                            content.sorted(Comparator.reverseOrder()).toList();
                    for (Path each : deepestFirst) {
                        Files.delete(each);
                    }
                }
            }
            Files.createDirectories(folder);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
