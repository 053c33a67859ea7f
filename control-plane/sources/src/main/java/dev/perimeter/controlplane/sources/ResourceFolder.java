package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.ObjectKey;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

    /**
     * Every resource file below {@code folder}, in the order of their paths; also what is called like one and is no
     * regular file, so that somebody says so.
     *
     * @throws IOException if a folder cannot be read
     */
    public static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (isResource(file) && !Files.isDirectory(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                // What is replaced while it is looked for is not there for a moment.
                if (file.equals(folder) || !(failure instanceof NoSuchFileException)) {
                    throw failure;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(files);
        return files;
    }

    /**
     * The world as the files have it at this moment, from nothing but them.
     *
     * @throws IOException if a folder cannot be read
     */
    public static MeshConfig read(Path folder) throws IOException {
        return new FolderReader(folder, LastGood.NOTHING).read();
    }

    /** Files that editors and atomic writes leave for a moment start with a dot or end in something else. */
    static boolean isResource(Path path) {
        String name = path.getFileName().toString();
        boolean known = name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
        return known && !name.startsWith(".") && !name.startsWith("#");
    }
}
