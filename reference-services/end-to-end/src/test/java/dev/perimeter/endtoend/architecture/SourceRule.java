package dev.perimeter.endtoend.architecture;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A rule about the files of the clone, and files that break it.
 *
 * @param name what holds, as a sentence
 * @param violations a sentence for each place where it does not
 * @param breaking text by file name of a clone that breaks the rule
 */
record SourceRule(String name, Function<Checkout, List<String>> violations, Map<String, String> breaking) {

    @Override
    public String toString() {
        return name;
    }
}
