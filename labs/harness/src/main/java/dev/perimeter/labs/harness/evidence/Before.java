package dev.perimeter.labs.harness.evidence;

import java.util.Map;

/**
 * What was so while a toggle was off, for checks that compare.
 *
 * @param processes facts of each process, by its name
 * @param observation what the lab's scenario saw
 */
public record Before(Map<String, ProcessFacts> processes, Map<String, String> observation) {

    /** Nothing yet: the toggle is off now. */
    public static final Before NOTHING = new Before(Map.of(), Map.of());
}
