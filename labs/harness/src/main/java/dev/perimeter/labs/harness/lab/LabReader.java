package dev.perimeter.labs.harness.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the labs of a clone and reads their {@code lab.yaml}. */
public final class LabReader {

    private LabReader() {}

    /**
     * All labs below {@code labs/}, in the order of their numbers.
     *
     * @throws BadLab when a file of one of them cannot be used
     */
    public static List<LabManifest> all(Path labs) {
        try (Stream<Path> folders = Files.list(labs)) {
            return folders.filter(folder -> Files.isRegularFile(folder.resolve("lab.yaml")))
                    .sorted()
                    .map(LabReader::read)
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The lab with that number, written {@code 10} or {@code 0} or {@code 00}. */
    public static Optional<LabManifest> find(Path labs, String number) {
        String id = number.length() == 1 ? "0" + number : number;
        try (Stream<Path> folders = Files.list(labs)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith(id + "-"))
                    .filter(folder -> Files.isRegularFile(folder.resolve("lab.yaml")))
                    .findFirst()
                    .map(LabReader::read);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads one lab.
     *
     * @throws BadLab with file, line, field and reason of everything that is wrong
     */
    public static LabManifest read(Path folder) {
        return YamlFile.read(folder.resolve("lab.yaml"), root -> manifest(folder, root));
    }

    private static LabManifest manifest(Path folder, Fields root) {
        root.oneOf("schema", List.of("perimeter/lab/v1"));
        String id = root.text("id");
        if (!folder.toAbsolutePath().normalize().getFileName().toString().startsWith(id + "-")) {
            root.problem("id", "\"" + id + "\" is not the number the folder begins with");
        }
        Optional<int[]> minutes =
                root.inner("minutes", each -> new int[] {each.number("ritual", 1), each.number("challenge", 0)});
        if (minutes.isEmpty()) {
            root.problem("minutes", "is missing: {ritual: …, challenge: …}");
        }
        List<Toggle> toggles = root.texts("toggles").stream()
                .map(name -> ToggleReader.read(folder, name))
                .toList();
        Map<String, List<String>> differs = new LinkedHashMap<>();
        root.inner("differs", all -> {
            all.names().forEach(toggle -> differs.put(toggle, all.texts(toggle)));
            return differs;
        });
        for (Toggle toggle : toggles) {
            if (differs.getOrDefault(toggle.name(), List.of()).isEmpty()) {
                root.problem("differs", "does not say what differs when the toggle " + toggle.name() + " is flipped");
            }
        }
        return new LabManifest(
                folder,
                id,
                root.text("title"),
                root.text("goal"),
                minutes.map(both -> both[0]).orElse(1),
                minutes.map(both -> both[1]).orElse(0),
                root.number("points", 0),
                root.texts("teaches"),
                toggles,
                root.text("scenario"),
                differs,
                root.texts("needs"),
                root.inner("challenge", each -> challenge(folder, each)));
    }

    private static Challenge challenge(Path folder, Fields fields) {
        List<String> allowed = fields.texts("allowed_files");
        for (String file : allowed) {
            boolean inside = folder.resolve(file).normalize().startsWith(folder);
            if (!inside || !Files.isRegularFile(Challenge.starter(folder, file))) {
                fields.problem(
                        "allowed_files",
                        "has no starter: starter/" + Path.of(file).getFileName());
            }
        }
        String subject = fields.text("subject");
        if (subject.indexOf('.') < 0) {
            fields.problem("subject", "must be a class in a package");
        }
        return new Challenge(
                allowed,
                subject.indexOf('.') < 0 ? "learner." + subject : subject,
                fields.text("implements"),
                fields.text("production"),
                fields.text("host"),
                fields.texts("libraries"),
                fields.number("heap_megabytes", 16));
    }
}
