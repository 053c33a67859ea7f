package dev.perimeter.labs.harness.record;

import java.nio.charset.StandardCharsets;
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

    private static final String PREDICTIONS = "predictions.yaml";
    private static final String PROOF = "predictions.sha256.yaml";
    private static final String OBSERVATIONS = "observations.yaml";

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

    /**
     * Writes the predictions, if none were written before: the first ones are those that were made before looking.
     *
     * @param settings where the toggles stood, such as {@code sidecar=off transport=rest}
     * @return the hash that proves later they were not changed
     */
    public String predict(Map<String, String> answers, String settings) {
        if (predictions().isEmpty()) {
            RecordFile.write(folder.resolve(PREDICTIONS), answers);
            RecordFile.write(folder.resolve(PROOF), Map.of("sha256", hash(answers), "with", settings));
        }
        return predictionsHash();
    }

    /** The hash that was recorded with the predictions; empty when none were made. */
    public String predictionsHash() {
        return RecordFile.read(folder.resolve(PROOF)).getOrDefault("sha256", "");
    }

    /** Where the toggles stood when the predictions were made. */
    public Optional<String> predictedWith() {
        return Optional.ofNullable(RecordFile.read(folder.resolve(PROOF)).get("with"));
    }

    /** The predictions, by the id of the question; empty when none were made. */
    public Map<String, String> predictions() {
        return RecordFile.read(folder.resolve(PREDICTIONS));
    }

    /** Whether predictions were made and are still those whose hash was recorded. */
    public boolean predictionsStand() {
        Map<String, String> answers = predictions();
        return !answers.isEmpty() && hash(answers).equals(predictionsHash());
    }

    /**
     * What was seen, and where the toggles stood.
     *
     * @param settings such as {@code sidecar=off transport=rest}
     */
    public record Observation(String settings, Map<String, String> seen) {}

    /** Keeps what was seen with the toggles so; a later look with the same settings takes its place. */
    public void observed(String settings, Map<String, String> seen) {
        Map<String, String> order = new LinkedHashMap<>(RecordFile.read(folder.resolve(OBSERVATIONS)));
        order.remove(settings);
        order.put(settings, "observed-" + settings.replaceAll("[^a-z0-9]+", "-") + ".yaml");
        RecordFile.write(folder.resolve(order.getOrDefault(settings, "")), seen);
        RecordFile.write(folder.resolve(OBSERVATIONS), order);
    }

    /** The latest look while the toggles stood otherwise. */
    public Optional<Observation> observedOtherThan(String settings) {
        return RecordFile.read(folder.resolve(OBSERVATIONS)).entrySet().stream()
                .filter(each -> !each.getKey().equals(settings))
                .reduce((earlier, later) -> later)
                .map(each -> new Observation(each.getKey(), RecordFile.read(folder.resolve(each.getValue()))));
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
