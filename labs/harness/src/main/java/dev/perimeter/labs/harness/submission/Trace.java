package dev.perimeter.labs.harness.submission;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in what a process printed the exception a learner has to know of: what was thrown, and where in the own file. */
final class Trace {

    private static final Pattern THROWN = Pattern.compile("(?:.*\\bthrew |Exception in thread \"[^\"]*\" |Caused by: |)"
            + "((?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:Exception|Error)(?::.*)?)");
    private static final Pattern FRAME = Pattern.compile("\\s+at (?:[\\w.@-]*/)*([\\w.$<>]+)\\(([^)]*)\\)");

    private Trace() {}

    /**
     * The last exception with a line of that class in its trace, innermost cause first.
     *
     * @param className the subject; what is nested in it counts too
     * @return such as {@code java.lang.IllegalStateException: no room (LocalProxy.java:12)}
     */
    static Optional<String> last(String log, String className) {
        Optional<String> found = Optional.empty();
        String thrown = "";
        for (String line : log.lines().toList()) {
            Matcher exception = THROWN.matcher(line);
            Matcher frame = FRAME.matcher(line);
            if (exception.matches()) {
                thrown = exception.group(1);
            } else if (!thrown.isEmpty() && frame.matches() && isOf(frame.group(1), className)) {
                found = Optional.of(thrown + " (" + frame.group(2) + ")");
                thrown = "";
            }
        }
        return found;
    }

    private static boolean isOf(String method, String className) {
        return List.of(".", "$").stream().anyMatch(next -> method.startsWith(className + next));
    }

    /** Whether a line says something itself: it is no frame of a trace and not the "... 3 more" under a cause. */
    static boolean isWord(String line) {
        String plain = line.strip();
        return !plain.isEmpty() && !plain.startsWith("at ") && !plain.matches("\\.\\.\\. [0-9]+ more");
    }
}
