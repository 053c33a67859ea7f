package dev.perimeter.labs.harness.resource;

import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are replaced whole, so that whoever watches them never reads half a text. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * Replaces the file's content, making its folders.
     *
     * @throws Refused if it cannot be written
     */
    public static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(file.getParent(), ".", ".tmp");
            try {
                Files.writeString(fresh, text);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new Refused(
                    "%s cannot be written; check who may write there and whether the disk is full.".formatted(file), e);
        }
    }
}
