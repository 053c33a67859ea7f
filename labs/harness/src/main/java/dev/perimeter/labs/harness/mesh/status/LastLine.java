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
    private static final Pattern TRACE = Pattern.compile("^\\s+(at |\\.\\.\\. )");
    private static final int LONGEST = 400;
    private static final int LOOK_BACK = 200;

    private LastLine() {}

    /** The last line that tells of a failure, else the last line: {@code LOG:LINE says: …}. */
    public static String of(Path log) {
        List<String> lines;
        try {
            lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return "it left no log at " + log + ".";
        }
        int telling = -1;
        int last = -1;
        for (int i = lines.size() - 1; i >= Math.max(0, lines.size() - LOOK_BACK) && telling < 0; i--) {
            String line = lines.get(i);
            if (line.isBlank() || TRACE.matcher(line).find()) {
                continue;
            }
            last = Math.max(last, i);
            telling = TELLING.matcher(line).find() ? i : -1;
        }
        int shown = telling >= 0 ? telling : last;
        if (shown < 0) {
            return log + " is empty.";
        }
        String text = lines.get(shown).strip();
        return "%s:%d says: %s".formatted(log, shown + 1, text.substring(0, Math.min(LONGEST, text.length())));
    }
}
