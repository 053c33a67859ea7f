package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A moment in a layout of {@code strftime}'s, e.g. {@code %START_TIME(%Y-%m-%dT%H:%M:%S%z)%}, with what Envoy adds:
 * {@code %s} are seconds since 1970, {@code %f} and {@code %1f} to {@code %9f} digits of the fraction. The layout is read
 * once. Moments are known to the millisecond; digits after that are zero.
 *
 * @param moment in milliseconds since 1970
 */
record TimeLayout(DateTimeFormatter layout, ToLongFunction<Journal> moment) implements CommandOperator {

    private static final String KNOWN = "%Y %y %m %d %e %j %H %I %M %S %p %a %A %b %B %h %u %z %Z %F %T %D %R %c %s %f"
            + " %1f to %9f %E1S to %E9S %n %t %%";

    /** @param zone UTC unless the operator is one of local time */
    static Parsed<CommandOperator> parse(String layout, ZoneId zone, ToLongFunction<Journal> moment) {
        DateTimeFormatterBuilder out = new DateTimeFormatterBuilder();
        int at = 0;
        while (at < layout.length()) {
            char c = layout.charAt(at++);
            if (c != '%') {
                out.appendLiteral(c);
                continue;
            }
            String conversion = conversion(layout, at);
            if (conversion == null || !append(conversion, out)) {
                return new Parsed.Bad<>(
                        "",
                        "the layout " + layout + " has a conversion that is not known at %" + layout.substring(at)
                                + "; known are " + KNOWN);
            }
            at += conversion.length();
        }
        return new Parsed.Ok<>(new TimeLayout(out.toFormatter(Locale.ENGLISH).withZone(zone), moment));
    }

    /** One letter, or a digit and a letter, or {@code E}, a digit and a letter. */
    private static @Nullable String conversion(String layout, int at) {
        int end = at;
        if (end < layout.length() && layout.charAt(end) == 'E') {
            end++;
        }
        if (end < layout.length() && layout.charAt(end) >= '1' && layout.charAt(end) <= '9') {
            end++;
        }
        return end < layout.length() ? layout.substring(at, end + 1) : null;
    }

    private static boolean append(String conversion, DateTimeFormatterBuilder out) {
        int last = conversion.length() - 1;
        char letter = conversion.charAt(last);
        if (last > 0) {
            char digit = conversion.charAt(last - 1);
            boolean digits = digit != 'E';
            boolean seconds = conversion.charAt(0) == 'E';
            if (!digits || letter != (seconds ? 'S' : 'f')) {
                return false;
            }
            if (seconds) {
                append("S", out);
                out.appendLiteral('.');
            }
            out.appendFraction(ChronoField.NANO_OF_SECOND, digit - '0', digit - '0', false);
            return true;
        }
        switch (letter) {
            case 'Y' -> out.appendValue(ChronoField.YEAR);
            case 'y' -> out.appendValueReduced(ChronoField.YEAR, 2, 2, 2000);
            case 'G' -> out.appendValue(IsoFields.WEEK_BASED_YEAR);
            case 'V' -> out.appendValue(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 2);
            case 'm' -> out.appendValue(ChronoField.MONTH_OF_YEAR, 2);
            case 'd' -> out.appendValue(ChronoField.DAY_OF_MONTH, 2);
            case 'e' -> out.padNext(2).appendValue(ChronoField.DAY_OF_MONTH);
            case 'j' -> out.appendValue(ChronoField.DAY_OF_YEAR, 3);
            case 'H' -> out.appendValue(ChronoField.HOUR_OF_DAY, 2);
            case 'I' -> out.appendValue(ChronoField.CLOCK_HOUR_OF_AMPM, 2);
            case 'M' -> out.appendValue(ChronoField.MINUTE_OF_HOUR, 2);
            case 'S' -> out.appendValue(ChronoField.SECOND_OF_MINUTE, 2);
            case 'p' -> out.appendText(ChronoField.AMPM_OF_DAY, TextStyle.SHORT);
            case 'a' -> out.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> out.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'b', 'h' -> out.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> out.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'u' -> out.appendValue(ChronoField.DAY_OF_WEEK, 1);
            case 'z' -> out.appendOffset("+HHMM", "+0000");
            case 'Z' -> out.appendZoneText(TextStyle.SHORT);
            case 's' -> out.appendValue(ChronoField.INSTANT_SECONDS);
            case 'f' -> out.appendFraction(ChronoField.NANO_OF_SECOND, 9, 9, false);
            case 'n' -> out.appendLiteral('\n');
            case 't' -> out.appendLiteral('\t');
            case '%' -> out.appendLiteral('%');
            case 'F' -> all(out, "Y", "-", "m", "-", "d");
            case 'T' -> all(out, "H", ":", "M", ":", "S");
            case 'R' -> all(out, "H", ":", "M");
            case 'D' -> all(out, "m", "/", "d", "/", "y");
            case 'c' -> all(out, "a", " ", "b", " ", "e", " ", "T", " ", "Y");
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Conversions, and between them what separates them. */
    private static void all(DateTimeFormatterBuilder out, String... parts) {
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 0) {
                append(parts[i], out);
            } else {
                out.appendLiteral(parts[i]);
            }
        }
    }

    @Override
    public String text(Journal journal) {
        return layout.format(Instant.ofEpochMilli(moment.applyAsLong(journal)));
    }

    @Override
    public void json(Journal journal, LineBuffer out) {
        out.raw('"');
        out.escaped(text(journal));
        out.raw('"');
    }

    /** What stands for a moment where no layout is named; always with milliseconds. */
    static final DateTimeFormatter PLAIN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
}
