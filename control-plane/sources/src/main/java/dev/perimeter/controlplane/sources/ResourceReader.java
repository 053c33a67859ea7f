package dev.perimeter.controlplane.sources;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.model.Problem;
import dev.perimeter.controlplane.sources.read.ObjectReader;
import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one reader of resources: a text with one or several YAML documents, or a JSON object, becomes model objects or
 * problems. Without state and without effects but reading the file; never throws for bad content.
 */
public final class ResourceReader {
    /** A problem, and a log line, for each of a million lines would help nobody. */
    private static final int MOST_DOCUMENTS = 1_000;

    private static final String CORRECT = "Correct the line or the one before it.";

    private ResourceReader() {}

    /** The names of the kinds that can be read, such as {@code HTTPRoute}. */
    public static List<String> kinds() {
        return ObjectReader.kinds();
    }

    /** Reads a file; one that cannot be read is one problem. The problems name the file as {@code path} prints. */
    public static Reading readFile(Path path) {
        return switch (ResourceText.read(path)) {
            case ResourceText.Text(String text) -> read(path.toString(), text);
            case ResourceText.Unreadable(String reason, String fix) ->
                new Reading(List.of(bad("", new Problem(null, path.toString(), 0, "", reason, fix))));
        };
    }

    /**
     * Reads a text.
     *
     * @param file what the problems call it
     */
    public static Reading read(String file, String text) {
        List<Section> sections = Section.split(text);
        if (sections.size() > MOST_DOCUMENTS) {
            return whole(file, "The file has more than " + MOST_DOCUMENTS + " documents.", "Split it.");
        }
        List<Document> documents = new ArrayList<>();
        Map<ObjectKey, Integer> lines = new HashMap<>();
        for (Section section : sections) {
            switch (YamlTree.parse(section.text(), section.line())) {
                case YamlTree.Blank blank -> {}
                case YamlTree.Garbled(int line, String problem) -> {
                    String language = file.endsWith(".json") ? "JSON" : "YAML";
                    String reason = "This is not " + language + ": " + problem + ".";
                    documents.add(bad(section.text(), new Problem(null, file, line, "", reason, CORRECT)));
                }
                case YamlTree.Broken(int line, String reason) ->
                    documents.add(bad(section.text(), new Problem(null, file, line, "", reason, CORRECT)));
                case YamlTree.Read read -> {
                    if (read.tree() instanceof Tree.Mapping mapping) {
                        documents.add(distinct(document(file, section.text(), mapping), lines));
                    } else if (!(read.tree() instanceof Tree.Scalar scalar && scalar.type() == Tree.Type.NULL)) {
                        documents.add(bad(section.text(), notAnObject(file, read.tree())));
                    }
                }
            }
        }
        return documents.isEmpty()
                ? whole(file, "The file holds no resource.", "Write one into it, or delete the file.")
                : new Reading(documents);
    }

    private static Document document(String file, String text, Tree.Mapping mapping) {
        ObjectReader.Outcome outcome = ObjectReader.read(file, mapping);
        return new Document(text, mapping, outcome.key(), outcome.object(), outcome.problems());
    }

    /** A file that holds one object twice does not say which it means. */
    private static Document distinct(Document document, Map<ObjectKey, Integer> lines) {
        ObjectKey key = document.key();
        if (key == null || document.object() == null) {
            return document;
        }
        int line = document.object().meta().line();
        Integer first = lines.putIfAbsent(key, line);
        if (first == null) {
            return document;
        }
        Problem twice = new Problem(
                key,
                document.object().meta().file(),
                line,
                "metadata.name",
                key + " is already in this file, at line " + first + ".",
                "Keep one of them.");
        return new Document(document.text(), document.tree(), key, null, List.of(twice));
    }

    private static Problem notAnObject(String file, Tree tree) {
        return new Problem(
                null,
                file,
                tree.line(),
                "",
                "A resource is a mapping, but here is " + tree.described() + ".",
                "Start it with apiVersion, kind and metadata.");
    }

    private static Document bad(String text, Problem problem) {
        return new Document(text, null, null, null, List.of(problem));
    }

    private static Reading whole(String file, String reason, String fix) {
        return new Reading(List.of(bad("", new Problem(null, file, 1, "", reason, fix))));
    }
}
