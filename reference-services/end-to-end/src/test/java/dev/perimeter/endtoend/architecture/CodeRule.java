package dev.perimeter.endtoend.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;

/**
 * A rule about compiled code, and code that breaks it.
 *
 * @param name what holds, as a sentence
 * @param folder the module the breaking code pretends to be in
 * @param breaking sources by class name; the first of them is the culprit, the rest stand for what it must not use
 */
record CodeRule(String name, ArchRule rule, String folder, Map<String, String> breaking) {

    @Override
    public String toString() {
        return name;
    }
}
