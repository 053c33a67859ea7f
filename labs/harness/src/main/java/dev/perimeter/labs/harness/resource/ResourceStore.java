package dev.perimeter.labs.harness.resource;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.sources.Document;
import dev.perimeter.controlplane.sources.Reading;
import dev.perimeter.controlplane.sources.ResourceFolder;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.controlplane.sources.ResourceText;
import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The resource files of a mesh, one object a file. Writes are atomic, so a reader sees an object before or after, never
 * half of it.
 *
 * @param folder the folder the control plane watches
 */
public record ResourceStore(Path folder) {
    /**
     * Stores every object of a file, its comments included, or none if one of them is not valid.
     *
     * @return what was stored, in the order of the file
     * @throws Refused with file, line, field, reason and fix if the file is not good
     */
    public List<ObjectKey> apply(Path file) {
        return store(ResourceReader.readFile(file));
    }

    /**
     * Stores the objects of a text like {@link #apply(Path)}.
     *
     * @param name what problems call the text
     */
    public List<ObjectKey> apply(String name, String text) {
        return store(ResourceReader.read(name, text));
    }

    /** What is wrong with files, one sentence each with file, line, field, reason and fix. */
    public List<String> problems() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return ResourceFolder.read(folder).problems().stream()
                    .map(Problem::toString)
                    .toList();
        } catch (IOException e) {
            return List.of("%s cannot be read (%s); check who may read it.".formatted(folder, e));
        }
    }

    private List<ObjectKey> store(Reading reading) {
        List<Problem> problems = reading.problems();
        if (!problems.isEmpty()) {
            String all = problems.stream()
                    .sorted(Comparator.comparing(Problem::line))
                    .map(Problem::toString)
                    .collect(Collectors.joining("\n     "));
            throw new Refused(all + " Nothing was changed.");
        }
        List<ObjectKey> stored = new ArrayList<>();
        for (Document document : reading.documents()) {
            ObjectKey key = document.key();
            if (key != null) {
                write(key, document.text().strip() + "\n");
                stored.add(key);
            }
        }
        return stored;
    }

    /** Where the object lies, or would. */
    public Path fileOf(ObjectKey key) {
        return ResourceFolder.fileOf(folder, key);
    }

    /** What the object's file holds, or why it is not read. */
    public ResourceText read(ObjectKey key) {
        return ResourceText.read(fileOf(key));
    }

    /**
     * The text of an object, if it is there.
     *
     * @throws Refused if its file holds nothing that could be a text
     */
    public Optional<String> text(ObjectKey key) {
        return switch (read(key)) {
            case ResourceText.Text(String text) -> Optional.of(text);
            case ResourceText.Unreadable(String reason, String fix) -> {
                if (Files.exists(fileOf(key))) {
                    throw new Refused("%s: %s %s".formatted(fileOf(key), reason, fix));
                }
                yield Optional.empty();
            }
        };
    }

    /** Stores a text as the object's file; the caller vouches for what it says. Writes only if something changes. */
    public void write(ObjectKey key, String text) {
        if (!read(key).equals(new ResourceText.Text(text))) {
            AtomicFile.write(fileOf(key), text);
        }
    }

    /** Removes an object. Answers whether it was there. */
    public boolean delete(ObjectKey key) {
        try {
            return Files.deleteIfExists(fileOf(key));
        } catch (IOException e) {
            throw new Refused("%s cannot be deleted; check who may write there.".formatted(fileOf(key)), e);
        }
    }

    /** What lies here, from the places alone: a file with nonsense in it is listed too. */
    public List<ObjectKey> keys() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try {
            return ResourceFolder.files(folder).stream()
                    .map(folder::relativize)
                    .filter(path -> path.getNameCount() == 3 && path.toString().endsWith(".yaml"))
                    .map(ResourceStore::keyOf)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Refused("%s cannot be read; check who may read it.".formatted(folder), e);
        }
    }

    /** The objects of a kind, named as a person would: {@code HTTPRoute}, {@code httproutes}. */
    public List<ObjectKey> keys(String kind) {
        return keys().stream().filter(key -> isKind(key.kind(), kind)).toList();
    }

    /** Whether {@code word} means the kind. */
    public static boolean isKind(String kind, String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String name = kind.toLowerCase(Locale.ROOT);
        return lower.equals(name) || lower.equals(name + "s") || lower.equals(name + "es");
    }

    private static ObjectKey keyOf(Path path) {
        String name = path.getFileName().toString();
        String namespace = path.getName(0).toString();
        return new ObjectKey(
                path.getName(1).toString(),
                namespace.equals(ResourceFolder.CLUSTER) ? "" : namespace,
                name.substring(0, name.length() - ".yaml".length()));
    }
}
