package dev.perimeter.labs.harness.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what a text promises with what was printed. A placeholder such as {@code {order-id}} stands for one word, and
 * for the same one wherever the text uses it again; a line that is {@code {progress ...}} stands for any lines. Runs of
 * blanks count as one, because a longer word moves the columns of a table. All else must be equal.
 */
public final class Transcript {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z0-9-]+)}");
    private static final Pattern ANY_LINES = Pattern.compile("\\{[a-z0-9-]+ \\.\\.\\.}");

    private final Map<String, String> known = new HashMap<>();

    /** The first difference, in words; empty when the output is as promised. */
    public Optional<String> difference(List<String> promised, List<String> printed) {
        List<String> wanted = promised.stream()
                .map(Transcript::plain)
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> seen = new ArrayList<>(printed.stream()
                .map(Transcript::plain)
                .filter(line -> !line.isEmpty())
                .toList());
        int at = 0;
        for (int line = 0; line < wanted.size(); line++) {
            if (ANY_LINES.matcher(wanted.get(line)).matches()) {
                String next = line + 1 < wanted.size() ? wanted.get(line + 1) : "";
                while (at < seen.size() && (next.isEmpty() || !matches(next, seen.get(at), false))) {
                    at++;
                }
                continue;
            }
            if (at >= seen.size()) {
                return Optional.of("promised and not printed: " + wanted.get(line));
            }
            if (!matches(wanted.get(line), seen.get(at), true)) {
                return Optional.of("promised: " + wanted.get(line) + "\n printed: " + seen.get(at));
            }
            at++;
        }
        return at < seen.size() ? Optional.of("printed and not promised: " + seen.get(at)) : Optional.empty();
    }

    private boolean matches(String wanted, String seen, boolean learn) {
        Matcher placeholders = PLACEHOLDER.matcher(wanted);
        StringBuilder pattern = new StringBuilder();
        List<String> names = new ArrayList<>();
        int from = 0;
        while (placeholders.find()) {
            pattern.append(Pattern.quote(wanted.substring(from, placeholders.start())));
            String name = placeholders.group(1);
            if (known.containsKey(name)) {
                pattern.append(Pattern.quote(known.getOrDefault(name, "")));
            } else {
                pattern.append("(\\S+?)");
                names.add(name);
            }
            from = placeholders.end();
        }
        pattern.append(Pattern.quote(wanted.substring(from)));
        Matcher match = Pattern.compile(pattern.toString()).matcher(seen);
        if (!match.matches()) {
            return false;
        }
        for (int i = 0; learn && i < names.size(); i++) {
            known.put(names.get(i), match.group(i + 1));
        }
        return true;
    }

    private static String plain(String line) {
        return line.strip().replaceAll("\\s+", " ");
    }
}
