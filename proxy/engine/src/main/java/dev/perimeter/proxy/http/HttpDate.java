package dev.perimeter.proxy.http;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} of answers (RFC 9110 section 5.6.7), written once a second. Any loop may ask; a race costs a second text. */
public final class HttpDate {

    private record Second(long number, String text) {}

    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static volatile Second last = new Second(Long.MIN_VALUE, "");

    private HttpDate() {}

    /** @param millis the time of day since 1970 */
    public static String of(long millis) {
        long number = Math.floorDiv(millis, 1000L);
        Second known = last;
        if (known.number() != number) {
            known = new Second(number, FORM.format(Instant.ofEpochSecond(number)));
            last = known;
        }
        return known.text();
    }
}
