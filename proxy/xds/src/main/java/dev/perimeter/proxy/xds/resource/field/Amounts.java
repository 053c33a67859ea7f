package dev.perimeter.proxy.xds.resource.field;

import com.google.protobuf.UInt32Value;
import java.time.Duration;

/** Durations and counts with the bounds a proxy can live with. */
public final class Amounts {

    private static final long LONGEST_SECONDS = Duration.ofDays(365).toSeconds();

    private Amounts() {}

    /** A duration of zero or more, at most a year. */
    public static Duration notNegative(com.google.protobuf.Duration value, Place place) {
        Duration duration = Duration.ofSeconds(value.getSeconds(), value.getNanos());
        if (value.getSeconds() < 0 || value.getNanos() < 0) {
            place.refuse(words(value) + " must not be negative");
            return Duration.ZERO;
        }
        if (value.getSeconds() > LONGEST_SECONDS || value.getNanos() > 999_999_999) {
            place.refuse(words(value) + " is more than a year");
            return Duration.ZERO;
        }
        return duration;
    }

    /** A duration of more than zero, at most a year. */
    public static Duration positive(com.google.protobuf.Duration value, Place place) {
        Duration duration = notNegative(value, place);
        if (duration.isZero()) {
            place.refuse(words(value) + " must be more than zero");
        }
        return duration;
    }

    /** An unsigned number within bounds, both included. */
    public static int between(long least, long most, UInt32Value value, Place place) {
        return between(least, most, Integer.toUnsignedLong(value.getValue()), place);
    }

    /** A number within bounds, both included. */
    public static int between(long least, long most, long value, Place place) {
        if (value < least || value > most) {
            place.refuse(value + " must be between " + least + " and " + most);
            return (int) least;
        }
        return (int) value;
    }

    /** A limit that may be larger than an int can say, which then means no limit. */
    public static int limit(UInt32Value value) {
        return (int) Math.min(Integer.MAX_VALUE, Integer.toUnsignedLong(value.getValue()));
    }

    private static String words(com.google.protobuf.Duration value) {
        return value.getNanos() == 0
                ? value.getSeconds() + " s"
                : String.format("%.3f s", value.getSeconds() + value.getNanos() / 1e9);
    }
}
