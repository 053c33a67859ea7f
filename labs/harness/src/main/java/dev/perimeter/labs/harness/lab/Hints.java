package dev.perimeter.labs.harness.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The hints of a lab: for each check three rungs, from where to look, over the idea behind it, to almost there.
 *
 * @param rungs by the id of the check, such as {@code 10.4}
 */
public record Hints(Map<String, List<String>> rungs) {

    /** A hint longer than this is a lecture. */
    public static final int MOST_WORDS = 160;

    /** Reads {@code hints.yaml} of a lab; a lab without one has no hints. */
    public static Hints read(LabManifest lab) {
        Path file = lab.folder().resolve("hints.yaml");
        if (!Files.isRegularFile(file)) {
            return new Hints(Map.of());
        }
        return YamlFile.read(file, root -> {
            root.oneOf("schema", List.of("perimeter/hints/v1"));
            Map<String, List<String>> rungs = new LinkedHashMap<>();
            root.inner("hints", all -> {
                for (String id : all.names()) {
                    List<String> texts = all.texts(id);
                    if (texts.size() != 3) {
                        all.problem(id, "has " + texts.size() + " rungs; three are needed");
                    }
                    for (String text : texts) {
                        int words = text.split("\\s+").length;
                        if (words > MOST_WORDS) {
                            all.problem(id, "a rung of " + words + " words; at most " + MOST_WORDS + " are read");
                        }
                    }
                    rungs.put(id, texts);
                }
                return rungs;
            });
            return new Hints(rungs);
        });
    }
}
