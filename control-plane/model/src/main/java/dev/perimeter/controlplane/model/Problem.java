package dev.perimeter.controlplane.model;

import org.jspecify.annotations.Nullable;

/**
 * Why an object, or a whole file, is not accepted. A value, never thrown.
 *
 * @param object what it is about; null when the file does not even say what it holds
 * @param file the file as the reader was given it
 * @param line from 1; 0 when it is about the file itself, such as that it does not exist
 * @param field the path of the field, such as {@code spec.rules[0].backendRefs[1].weight}; empty for the whole
 * @param reason what is wrong, with the value that was read
 * @param fix what to do about it
 */
public record Problem(@Nullable ObjectKey object, String file, int line, String field, String reason, String fix) {
    /** One sentence or two for a person: {@code orders.yaml:12: spec.rules[0].matches: … Fix: …}. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + (field.isEmpty() ? "" : field + ": ") + reason + " " + fix;
    }
}
