package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was last accepted of each resource file, on disk, so that a reader that starts anew while a file is bad goes on
 * with what was in force before. One file for each resource file, under the same path, with the texts as written.
 *
 * <p>It belongs to one reader; two readers with one memory would undo each other's changes. What cannot be kept is
 * logged and costs only the memory: the files themselves decide.
 */
public final class LastGood {
    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
    private static final String SEPARATOR = "---\n";
    private static final String FRESH = ".new";

    /** Remembers nothing. */
    public static final LastGood NOTHING = new LastGood(null);

    private final @Nullable Path folder;

    private LastGood(@Nullable Path folder) {
        this.folder = folder;
    }

    /** What lies, or will lie, in {@code folder}, which nobody else writes to. */
    public static LastGood in(Path folder) {
        return new LastGood(folder);
    }

    /**
     * What was last accepted of a file; empty if nothing was.
     *
     * @param name the file's path in the folder of the resources
     * @param file what the objects shall say they come from
     */
    Map<ObjectKey, Document> of(Path name, Path file) {
        if (folder == null || !Files.exists(folder.resolve(name))) {
            return Map.of();
        }
        try {
            Map<ObjectKey, Document> accepted = new LinkedHashMap<>();
            for (Document document : ResourceReader.read(file.toString(), Files.readString(folder.resolve(name)))
                    .documents()) {
                if (document.object() != null) {
                    accepted.put(document.object().key(), document);
                }
            }
            return accepted;
        } catch (IOException unreadable) {
            LOG.warn("Cannot read what was last good of {}: {}", name, unreadable.toString());
            return Map.of();
        }
    }

    /** Keeps what is in force of a file, in one step: after a kill it is there as before or as now. */
    void keep(Path name, Collection<Document> accepted) {
        if (folder == null) {
            return;
        }
        String text = accepted.stream().map(Document::text).collect(Collectors.joining(SEPARATOR));
        Path kept = folder.resolve(name);
        try {
            if (accepted.isEmpty()) {
                // Nothing of the file is in force, so nothing shall be after a restart.
                Files.deleteIfExists(kept);
                return;
            }
            if (Files.exists(kept) && Files.readString(kept).equals(text)) {
                return;
            }
            Files.createDirectories(kept.getParent());
            Path fresh = kept.resolveSibling("." + kept.getFileName() + FRESH);
            Files.writeString(fresh, text);
            Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            LOG.warn("Cannot keep what is good of {}: {}", name, failed.toString());
        }
    }

    /** Forgets all other files: whoever deletes a file means it. What is none of this memory's files is left alone. */
    void keepOnly(Set<Path> names) {
        if (folder == null || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> kept = Files.walk(folder)) {
            for (Path each : kept.sorted(Collections.reverseOrder()).toList()) {
                Path name = folder.relativize(each);
                boolean needed = each.equals(folder) || names.stream().anyMatch(other -> other.startsWith(name));
                if (!needed && Files.isDirectory(each)) {
                    deleteIfEmpty(each);
                } else if (!needed && isOurs(each)) {
                    Files.delete(each);
                }
            }
        } catch (IOException | UncheckedIOException failed) {
            LOG.warn("Cannot forget what is no longer there: {}", failed.toString());
        }
    }

    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return ResourceFolder.isResource(file) || (name.startsWith(".") && name.endsWith(FRESH));
    }

    private static void deleteIfEmpty(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException strangers) {
            LOG.debug("{} holds files of somebody else", directory);
        }
    }
}
