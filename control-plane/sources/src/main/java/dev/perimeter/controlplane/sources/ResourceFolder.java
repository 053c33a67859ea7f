package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where resources lie: {@code <folder>/<namespace>/<Kind>/<name>.yaml}. What counts is what a file says, not where it
 * lies; the places only keep a person's and a program's writes to the same object in the same file.
 */
public final class ResourceFolder {
    /** Stands for the namespace of a kind that has none; no namespace can be called so. */
    public static final String CLUSTER = "_cluster";

    private ResourceFolder() {}

    /** The file of an object below {@code folder}. */
    public static Path fileOf(Path folder, ObjectKey key) {
        String namespace = key.namespace().isEmpty() ? CLUSTER : key.namespace();
        return folder.resolve(namespace).resolve(key.kind()).resolve(key.name() + ".yaml");
    }

    /** Every resource file below {@code folder}, in the order of their paths. */
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> isResource(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException vanished) {
            throw new IOException(vanished.getCause());
        }
    }

    /** Files that editors and atomic writes leave for a moment start with a dot or end in something else. */
    static boolean isResource(Path path) {
        String name = path.getFileName().toString();
        boolean known = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
        return known && !name.startsWith(".") && !name.startsWith("#");
    }
}
