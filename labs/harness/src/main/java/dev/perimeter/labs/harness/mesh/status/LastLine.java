package dev.perimeter.labs.harness.mesh.status;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The line of a log that most likely tells what went wrong, with its place. */
public final class LastLine {
    private static final Pattern TELLING =
            Pattern.compile("\\b(ERROR|WARN|Error|Exception|FATAL|refused)\\b|^Caused by:");
    private static final Pattern HARMLESS = Pattern.compile("\\b(INFO|DEBUG|TRACE)\\b");
    private static final Pattern TRACE = Pattern.compile("^\\s+(at |\\.\\.\\. )");
    private static final int LONGEST = 400;
    private static final int LOOK_BACK = 200;

    private LastLine() {}

    /**
     * For a process that ended: the last line that warns of something, else its last words if they have no level, as
     * those of a program that cannot start: {@code LOG:LINE says: …}.
     */
    public static String of(Path log) {
        return find(log, true);
    }

    /** For a process that runs: the last line that warns of something; what else it logged explains nothing. */
    public static String warningIn(Path log) {
        return find(log, false);
    }

    private static String find(Path log, boolean lastWords) {
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return "it left no log at " + log + ".";
        }
        int looked = 0;
        for (int i = lines.size() - 1; i >= 0 && looked < LOOK_BACK; i--) {
            String line = lines.get(i);
            if (line.isBlank() || TRACE.matcher(line).find()) {
                continue;
            }
            boolean harmless = HARMLESS.matcher(line).find();
            if (!harmless && (TELLING.matcher(line).find() || (lastWords && looked == 0))) {
                return "%s:%d says: %s"
                        .formatted(
                                log,
                                i + 1,
                                line.strip()
                                        .substring(
                                                0,
                                                Math.min(LONGEST, line.strip().length())));
            }
            looked++;
        }
        return looked == 0 ? log + " is empty." : "its log has no warning: " + log;
    }
}
