package dev.perimeter.labs.harness.lab;

import java.nio.file.Path;

/**
 * Why a file of a lab cannot be used.
 *
 * @param line 1 for the first line; 0 when the file as a whole is meant
 * @param field the path to the value, such as {@code toggles.sidecar}; empty when the document as a whole is meant
 */
public record Problem(Path file, int line, String field, String reason) {

    /** One sentence an editor can jump from: {@code file:line: field: reason}. */
    @Override
    public String toString() {
        String place = line > 0 ? file + ":" + line : file.toString();
        return field.isEmpty() ? place + ": " + reason : place + ": " + field + ": " + reason;
    }
}
