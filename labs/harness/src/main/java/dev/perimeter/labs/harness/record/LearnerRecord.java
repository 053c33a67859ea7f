package dev.perimeter.labs.harness.record;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One learner's way through one lab: predictions with their hash, what was observed with the toggle off and on, answers
 * to the explain part, and which checks passed last.
 *
 * <p>It is a record of what was done, not of what was right.
 */
public final class LearnerRecord {

    /** The parts of a lab, in the order they are walked. */
    public enum Part {
        OBSERVED,
        PREDICTED,
        TOGGLED,
        VERIFIED,
        EXPLAINED,
        CHECKED
    }

    private final Path folder;

    /**
     * @param home where the records of all labs are kept
     * @param lab number of the lab, two digits
     */
    public LearnerRecord(Path home, String lab) {
        this.folder = home.resolve(lab);
    }

    /** Where the files of this record stand. */
    public Path folder() {
        return folder;
    }

    /** Notes that a part was done; the first time counts. */
    public void done(Part part, Instant when) {
        Map<String, String> run = new LinkedHashMap<>(RecordFile.read(folder.resolve("run.yaml")));
        run.putIfAbsent(name(part), when.truncatedTo(ChronoUnit.SECONDS).toString());
        RecordFile.write(folder.resolve("run.yaml"), run);
    }

    /** Whether a part was done. */
    public boolean has(Part part) {
        return RecordFile.read(folder.resolve("run.yaml")).containsKey(name(part));
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    /** The parts still to do. */
    public List<Part> open() {
        return List.of(Part.values()).stream().filter(part -> !has(part)).toList();
    }

    /** Writes the predictions and returns the hash that proves later they were not changed. */
    public String predict(Map<String, String> answers) {
        RecordFile.write(folder.resolve("predictions.yaml"), answers);
        String hash = hash(answers);
        RecordFile.write(folder.resolve("predictions.sha256.yaml"), Map.of("sha256", hash));
        return hash;
    }

    /** The predictions, by the id of the question; empty when none were made. */
    public Map<String, String> predictions() {
        return RecordFile.read(folder.resolve("predictions.yaml"));
    }

    /** Whether predictions were made and are still those whose hash was recorded. */
    public boolean predictionsStand() {
        Map<String, String> answers = predictions();
        String recorded =
                RecordFile.read(folder.resolve("predictions.sha256.yaml")).get("sha256");
        return !answers.isEmpty() && hash(answers).equals(recorded);
    }

    /** Keeps what was seen under a name such as {@code sidecar-off}. */
    public void observed(String name, Map<String, String> seen) {
        RecordFile.write(folder.resolve("observed-" + name + ".yaml"), seen);
    }

    /** What was seen under that name, if somebody looked. */
    public Optional<Map<String, String>> observation(String name) {
        Path file = folder.resolve("observed-" + name + ".yaml");
        return Files.isRegularFile(file) ? Optional.of(RecordFile.read(file)) : Optional.empty();
    }

    /** Keeps the answers to the explain part. */
    public void explain(Map<String, String> answers) {
        RecordFile.write(folder.resolve("explain.yaml"), answers);
    }

    /** Keeps, by the id of each check, how it ended and what was seen last. */
    public void checked(Map<String, String> results) {
        Map<String, String> all = new LinkedHashMap<>(lastCheck());
        all.putAll(results);
        RecordFile.write(folder.resolve("checks.yaml"), all);
    }

    /** How each check ended when it last ran. */
    public Map<String, String> lastCheck() {
        return RecordFile.read(folder.resolve("checks.yaml"));
    }

    /** Counts that a hint was asked for and says which rung it is now, from 1 to {@code rungs}. */
    public int hintAsked(String check, int rungs) {
        Map<String, String> asked = new LinkedHashMap<>(RecordFile.read(folder.resolve("hints.yaml")));
        int next = Math.min(Integer.parseInt(asked.getOrDefault(check, "0")) + 1, rungs);
        asked.put(check, Integer.toString(next));
        RecordFile.write(folder.resolve("hints.yaml"), asked);
        return next;
    }

    private static String hash(Map<String, String> answers) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            answers.forEach((question, answer) ->
                    digest.update((question + "=" + answer + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
