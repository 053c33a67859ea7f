package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.model.MeshObject;
import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a folder again and again, only the files that changed, and remembers the last good form of every object: a
 * file that turns bad is a problem, not the end of what it described. Deleting the file is what removes its objects.
 * Used by one thread at a time.
 */
final class FolderReader {
    /**
     * A file written a moment ago may be written again without its time and size changing, since file times advance
     * in steps of some milliseconds. Such a file is read again next time (git calls the trick "racy").
     */
    private static final long UNSURE_MILLIS = 100;

    private record Stamp(
            FileTime modified, long size, @Nullable Object identity) {}

    private record Known(@Nullable Stamp stamp, Map<ObjectKey, MeshObject> objects, List<Problem> problems) {}

    private final Path folder;
    private Map<Path, Known> files = new HashMap<>();

    FolderReader(Path folder) {
        this.folder = folder;
    }

    /** The world as the folder has it now. */
    MeshConfig read() throws IOException {
        Map<Path, Known> now = new LinkedHashMap<>();
        for (Path file : ResourceFolder.files(folder)) {
            @Nullable Known known = read(file, files.get(file));
            if (known != null) {
                now.put(file, known);
            }
        }
        files = now;
        return world();
    }

    private static @Nullable Known read(Path file, @Nullable Known before) {
        Stamp stamp;
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamp = new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException gone) {
            return null;
        }
        if (before != null && stamp.equals(before.stamp())) {
            return before;
        }
        Reading reading = ResourceReader.readFile(file);
        if (!Files.exists(file)) {
            return null;
        }
        boolean sure = System.currentTimeMillis() - stamp.modified().toMillis() > UNSURE_MILLIS;
        return new Known(
                sure ? stamp : null,
                inForce(reading, before == null ? Map.of() : before.objects()),
                reading.problems());
    }

    /** The good objects of a file, and for each bad document what it, or else the file, last held. */
    private static Map<ObjectKey, MeshObject> inForce(Reading reading, Map<ObjectKey, MeshObject> before) {
        Map<ObjectKey, MeshObject> objects = new LinkedHashMap<>();
        reading.objects().forEach(object -> objects.put(object.key(), object));
        for (Document document : reading.documents()) {
            if (document.object() != null) {
                continue;
            }
            ObjectKey key = document.key();
            before.forEach((old, object) -> {
                if (key == null || key.equals(old)) {
                    objects.putIfAbsent(old, object);
                }
            });
        }
        return objects;
    }

    private MeshConfig world() {
        Map<ObjectKey, MeshObject> objects = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        files.forEach((file, known) -> {
            problems.addAll(known.problems());
            known.objects().forEach((key, object) -> {
                MeshObject first = objects.putIfAbsent(key, object);
                if (first != null) {
                    problems.add(new Problem(
                            key,
                            file.toString(),
                            object.meta().line(),
                            "metadata.name",
                            key + " is already in " + first.meta().file() + ", which counts.",
                            "Delete one of the two."));
                }
            });
        });
        return new MeshConfig(objects.values(), problems);
    }
}
