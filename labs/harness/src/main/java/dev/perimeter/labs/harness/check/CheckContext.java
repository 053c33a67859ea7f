package dev.perimeter.labs.harness.check;

import dev.perimeter.labs.harness.evidence.Before;
import dev.perimeter.labs.harness.evidence.Evidence;
import dev.perimeter.labs.harness.fault.Faults;
import dev.perimeter.labs.harness.submission.Subject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What the checks of one run may use, and what became of them. Reaches the JUnit extension as a scoped value, because
 * JUnit makes the extension itself.
 */
public final class CheckContext {

    static final ScopedValue<CheckContext> CURRENT = ScopedValue.newInstance();

    private final Optional<Subject> subject;
    private final Optional<Evidence> evidence;
    private final Optional<Faults> faults;
    private final Optional<ToggleState> toggle;
    private final long seed;
    private final Set<String> only;
    private final Set<String> passed = new HashSet<>();
    private final Map<String, Story> stories = new HashMap<>();
    private final List<CheckResult> results = new ArrayList<>();

    /**
     * The toggle that is being tried.
     *
     * @param on whether it has its last value; off is its first
     * @param before what was so while it was off
     */
    public record ToggleState(String name, boolean on, Before before) {}

    private CheckContext(
            Optional<Subject> subject,
            Optional<Evidence> evidence,
            Optional<Faults> faults,
            Optional<ToggleState> toggle,
            long seed,
            Set<String> only) {
        this.subject = subject;
        this.evidence = evidence;
        this.faults = faults;
        this.toggle = toggle;
        this.seed = seed;
        this.only = Set.copyOf(only);
    }

    /**
     * Checks of a challenge.
     *
     * @param seed where all randomness of the checks comes from
     * @param only ids of the checks to run; empty for all
     */
    public static CheckContext challenge(Subject subject, long seed, Set<String> only) {
        return new CheckContext(Optional.of(subject), Optional.empty(), Optional.empty(), Optional.empty(), seed, only);
    }

    /** Checks of a running mesh with a toggle off or on. */
    public static CheckContext ritual(
            Evidence evidence, Faults faults, ToggleState toggle, long seed, Set<String> only) {
        return new CheckContext(
                Optional.empty(), Optional.of(evidence), Optional.of(faults), Optional.of(toggle), seed, only);
    }

    Optional<Subject> subject() {
        return subject;
    }

    Optional<Evidence> evidence() {
        return evidence;
    }

    Optional<Faults> faults() {
        return faults;
    }

    Optional<ToggleState> toggle() {
        return toggle;
    }

    Random random(String id) {
        return new Random(seed * 31 + id.hashCode());
    }

    boolean wants(String id) {
        return only.isEmpty() || only.contains(id);
    }

    /** With single checks asked for, the rungs below are taken as climbed: {@code check 10.4} must run 10.4. */
    boolean reached(String id) {
        return passed.contains(id) || !only.isEmpty();
    }

    /** The story of a check, by its id in JUnit; it outlives what JUnit keeps for a test. */
    Story story(String uniqueId) {
        return stories.computeIfAbsent(uniqueId, id -> new Story());
    }

    void add(CheckResult result) {
        if (result.status() == Status.PASS) {
            passed.add(result.id());
        }
        results.add(result);
    }

    /** All results so far, in the order of the checks. */
    public List<CheckResult> results() {
        return List.copyOf(results);
    }
}
