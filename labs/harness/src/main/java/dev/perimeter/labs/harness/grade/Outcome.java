package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.check.CheckResult;
import java.util.List;

/** What became of a submission. */
public sealed interface Outcome {

    /** There is nothing the checks could run: one sentence why. */
    record Unusable(String sentence) implements Outcome {}

    /** It is not Java yet: one message an error. */
    record NotCompiled(List<String> errors) implements Outcome {}

    /** It may not run: one sentence a finding. */
    record Refused(List<String> findings) implements Outcome {}

    /** It ran, and this is what was seen. */
    record Checked(List<CheckResult> results) implements Outcome {}

    /** Whether every check passed. */
    default boolean passed() {
        return this instanceof Checked(var results)
                && !results.isEmpty()
                && results.stream().allMatch(each -> each.status() == dev.perimeter.labs.harness.check.Status.PASS);
    }
}
