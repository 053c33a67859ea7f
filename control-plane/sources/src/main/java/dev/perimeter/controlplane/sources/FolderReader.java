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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a folder again and again, only the files that changed, and remembers the last good form of every object, beyond
 * its own end in {@link LastGood}: a file that turns bad is a problem, not the end of what it described. Deleting the
 * file is what removes its objects. Used by one thread at a time.
 */
public final class FolderReader {
    /**
     * A file written a moment ago may be written again without its time and size changing, since file times advance
     * in steps of some milliseconds. Such a file is read again next time (git calls the trick "racy").
     */
    private static final long UNSURE_MILLIS = 100;

    private record Stamp(
            FileTime modified, long size, @Nullable Object identity) {}

    /**
     * What is in force of a file, and what is wrong with it.
     *
     * @param remembered keys of accepted documents that the file held before and does not hold now
     */
    private record Known(
            @Nullable Stamp stamp,
            Map<ObjectKey, Document> accepted,
            Set<ObjectKey> remembered,
            List<Problem> problems) {}

    private final Path folder;
    private final LastGood lastGood;
    private @Nullable Map<Path, Known> files;

    /** A reader that has not read yet. */
    public FolderReader(Path folder, LastGood lastGood) {
        this.folder = folder;
        this.lastGood = lastGood;
    }

    Path folder() {
        return folder;
    }

    /**
     * The world as the folder has it now.
     *
     * @throws IOException if a folder cannot be read; what was in force before stays remembered
     */
    public MeshConfig read() throws IOException {
        Map<Path, Known> before = files == null ? Map.of() : files;
        Map<Path, Known> now = new LinkedHashMap<>();
        for (Path file : ResourceFolder.files(folder)) {
            @Nullable Known known = read(file, before.get(file));
            if (known != null) {
                now.put(file, known);
            }
        }
        if (files == null || !now.keySet().equals(before.keySet())) {
            lastGood.keepOnly(now.keySet().stream().map(this::nameOf).collect(Collectors.toSet()));
        }
        now.forEach((file, known) -> {
            if (known != before.get(file)) {
                lastGood.keep(nameOf(file), known.accepted().values());
            }
        });
        files = now;
        return world(now);
    }

    private Path nameOf(Path file) {
        return folder.relativize(file);
    }

    private @Nullable Known read(Path file, @Nullable Known before) {
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
        Map<ObjectKey, Document> accepted =
                inForce(reading, before == null ? lastGood.of(nameOf(file), file) : before.accepted());
        Set<ObjectKey> remembered = new HashSet<>(accepted.keySet());
        reading.objects().forEach(object -> remembered.remove(object.key()));
        return new Known(sure ? stamp : null, accepted, remembered, reading.problems());
    }

    /** The good documents of a file, and for each bad one what it, or else the file, last held. */
    private static Map<ObjectKey, Document> inForce(Reading reading, Map<ObjectKey, Document> before) {
        Map<ObjectKey, Document> accepted = new LinkedHashMap<>();
        for (Document document : reading.documents()) {
            if (document.object() != null) {
                accepted.put(document.object().key(), document);
            }
        }
        for (Document document : reading.documents()) {
            if (document.object() != null) {
                continue;
            }
            ObjectKey key = document.key();
            before.forEach((old, last) -> {
                if (key == null || key.equals(old)) {
                    accepted.putIfAbsent(old, last);
                }
            });
        }
        return accepted;
    }

    private static MeshConfig world(Map<Path, Known> files) {
        Map<ObjectKey, MeshObject> objects = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        files.forEach((file, known) -> {
            problems.addAll(known.problems());
            known.accepted().forEach((key, document) -> {
                if (known.remembered().contains(key)) {
                    return;
                }
                MeshObject object = Objects.requireNonNull(document.object());
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
        // What a file holds counts before what another one only held.
        files.values()
                .forEach(known -> known.remembered()
                        .forEach(key -> objects.putIfAbsent(
                                key,
                                Objects.requireNonNull(
                                        Objects.requireNonNull(known.accepted().get(key))
                                                .object()))));
        return new MeshConfig(objects.values(), problems);
    }
}
