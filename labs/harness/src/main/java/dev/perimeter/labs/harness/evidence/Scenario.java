package dev.perimeter.labs.harness.evidence;

import java.util.Map;

/**
 * What one lab looks at: sends what has to be sent and says what was seen, field by field.
 *
 * <p>The fields are the lab's own; {@code lab.yaml} names under {@code differs:} those that must not be the same with the
 * toggle off and on. Values must not hold ids, times or ports, so that two observations of the same thing are equal.
 * Implementations have a constructor without arguments and keep no state.
 */
public interface Scenario {

    /** Looks at the mesh; the map keeps the order in which fields are shown. */
    Map<String, String> observe(Evidence evidence);
}
