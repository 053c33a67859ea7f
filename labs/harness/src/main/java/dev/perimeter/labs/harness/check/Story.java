package dev.perimeter.labs.harness.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one check did, expected and saw, in the order in which it happened.
 *
 * <p>A check tells each step before it takes it, so that a failure anywhere has its story. Not thread-safe: told by the
 * thread that runs the check.
 */
public final class Story {

    /** One line of the story: what was done, and the fact. */
    record Step(String verb, String fact) {}

    private final List<Step> steps = new ArrayList<>();
    private String expected = "";
    private Optional<Seen> seen = Optional.empty();

    /**
     * What came instead of what was expected.
     *
     * @param text the whole of what was seen, one line
     * @param marked the part of it that is wrong
     * @param why a few words that stand beside the caret
     */
    record Seen(String text, String marked, String why) {}

    /** Tells a step: a verb in the past ({@code Sent}) and what. */
    public Story did(String verb, String fact) {
        steps.add(new Step(verb, fact));
        return this;
    }

    /** Says what must be seen next; replaced by the next expectation when it was. */
    public Story expect(String expectation) {
        expected = expectation;
        return this;
    }

    /** The check failed: this was seen, the marked part of it is wrong. */
    public CheckFailed butGot(String text, String marked, String why) {
        return end(Status.FAIL, text, marked, why);
    }

    /** The check ended in another way than by a wrong answer. */
    public CheckFailed end(Status status, String text, String marked, String why) {
        seen = Optional.of(new Seen(text, marked, why));
        return new CheckFailed(status, text);
    }

    /** Fails unless both are equal. */
    public void same(String actual, String wanted, String why) {
        if (!actual.equals(wanted)) {
            throw butGot(actual, actual, why);
        }
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    String expected() {
        return expected;
    }

    Optional<Seen> seen() {
        return seen;
    }

    /** One line that says what was seen; empty as long as nothing went wrong. */
    public String lastSeen() {
        return seen.map(Seen::text).orElse("");
    }
}
