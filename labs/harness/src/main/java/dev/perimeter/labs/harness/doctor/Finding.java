package dev.perimeter.labs.harness.doctor;

import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param sentence what was found, with numbers, and the fix if it is not good
 * @param mend commands that mend it; empty if there is none to run
 */
public record Finding(boolean good, String sentence, List<List<String>> mend) {
    static Finding good(String sentence) {
        return new Finding(true, sentence, List.of());
    }

    static Finding bad(String sentence) {
        return new Finding(false, sentence, List.of());
    }
}
