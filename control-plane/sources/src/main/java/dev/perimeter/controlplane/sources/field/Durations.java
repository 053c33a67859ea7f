package dev.perimeter.controlplane.sources.field;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads Gateway API durations, such as {@code 1m30s}. */
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+)(ms|h|m|s)");

    private Durations() {}

    /** The sum of the parts; what has not {@link Form#DURATION} counts as zero. */
    public static Duration parse(String text) {
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            long count = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "h" -> Duration.ofHours(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "s" -> Duration.ofSeconds(count);
                        default -> Duration.ofMillis(count);
                    });
        }
        return sum;
    }
}
