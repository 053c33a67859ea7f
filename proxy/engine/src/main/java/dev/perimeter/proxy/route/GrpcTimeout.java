package dev.perimeter.proxy.route;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import java.util.concurrent.TimeUnit;

/** The deadline of a gRPC call as it goes over the wire (gRPC over HTTP/2: "Timeout", at most eight digits and a unit). */
public final class GrpcTimeout {

    public static final String HEADER = "grpc-timeout";
    public static final long NONE = -1;

    private static final int MOST_DIGITS = 8;
    private static final long MOST = 99_999_999;

    private GrpcTimeout() {}

    /** Whether the request is a gRPC call, by its method and content type. */
    public static boolean isCall(RequestHead head) {
        if (!head.method().equals("POST")) {
            return false;
        }
        String type = head.headers().get("content-type");
        return type != null
                && type.startsWith("application/grpc")
                && (type.length() == 16 || type.charAt(16) == '+' || type.charAt(16) == ';');
    }

    /** Nanoseconds from the start of the call, or {@link #NONE} when the header is not there or not a timeout. */
    public static long read(Headers headers) {
        String text = headers.get(HEADER);
        int digits = text == null ? 0 : text.length() - 1;
        if (text == null || digits < 1 || digits > MOST_DIGITS) {
            return NONE;
        }
        long number = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NONE;
            }
            number = number * 10 + digit;
        }
        return switch (text.charAt(digits)) {
            case 'H' -> TimeUnit.HOURS.toNanos(number);
            case 'M' -> TimeUnit.MINUTES.toNanos(number);
            case 'S' -> TimeUnit.SECONDS.toNanos(number);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(number);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(number);
            case 'n' -> number;
            default -> NONE;
        };
    }

    /** As the header says it: in the finest of milliseconds, seconds and hours that eight digits can hold. */
    public static String text(long nanos) {
        long millis = Math.ceilDiv(Math.max(nanos, 1), 1_000_000);
        if (millis <= MOST) {
            return millis + "m";
        }
        long seconds = millis / 1000;
        return seconds <= MOST ? seconds + "S" : Math.min(MOST, seconds / 3600) + "H";
    }
}
