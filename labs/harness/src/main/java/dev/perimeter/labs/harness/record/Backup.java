package dev.perimeter.labs.harness.record;

import dev.perimeter.labs.harness.lab.Challenge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/** Puts the starter of a challenge back and keeps what the learner had, under a name with the date. */
public final class Backup {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss");

    private Backup() {}

    /**
     * Moves each of the learner's files into a dated folder and copies the starter to its place.
     *
     * @param lab the folder of the lab, which holds the starters
     * @param files paths below {@code work}
     * @return the folder the learner's files are in now; empty when there were none
     */
    public static Optional<Path> moveAside(Path work, Path lab, List<String> files, Path record, LocalDateTime when) {
        Path backup = record.resolve("backup").resolve(NAME.format(when));
        for (int next = 2; Files.exists(backup); next++) {
            backup = backup.resolveSibling(NAME.format(when) + "-" + next);
        }
        try {
            for (String file : files) {
                Path kept = backup.resolve(file);
                if (Files.exists(work.resolve(file))) {
                    Files.createDirectories(kept.getParent());
                    Files.move(work.resolve(file), kept);
                }
                Files.createDirectories(work.resolve(file).getParent());
                Files.copy(Challenge.starter(lab, file), work.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return Files.exists(backup) ? Optional.of(backup) : Optional.empty();
    }
}
