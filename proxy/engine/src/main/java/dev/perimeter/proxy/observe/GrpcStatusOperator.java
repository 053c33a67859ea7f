package dev.perimeter.proxy.observe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The status of a gRPC call as its answer says it: in the trailers, or in the head of an answer that has nothing else. */
final class GrpcStatusOperator {

    /** By number; https://github.com/grpc/grpc/blob/master/doc/statuscodes.md. Spelled as Envoy does. */
    private static final String[] NAMES = {
        "OK",
        "Canceled",
        "Unknown",
        "InvalidArgument",
        "DeadlineExceeded",
        "NotFound",
        "AlreadyExists",
        "PermissionDenied",
        "ResourceExhausted",
        "FailedPrecondition",
        "Aborted",
        "OutOfRange",
        "Unimplemented",
        "Internal",
        "Unavailable",
        "DataLoss",
        "Unauthenticated"
    };

    private GrpcStatusOperator() {}

    static @Nullable String name(Journal journal) {
        long number = number(journal);
        if (number == Journal.UNKNOWN) {
            return null;
        }
        return number < NAMES.length ? NAMES[(int) number] : Long.toString(number);
    }

    /** As the constant is called: {@code DEADLINE_EXCEEDED}. */
    static @Nullable String constant(Journal journal) {
        String name = name(journal);
        if (name == null || name.equals("OK")) {
            return name;
        }
        return name.equals("Canceled")
                ? "CANCELLED"
                : name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    /** {@link Journal#UNKNOWN} where the answer says nothing that is a status. */
    static long number(Journal journal) {
        String text = journal.trailers == null ? null : journal.trailers.get("grpc-status");
        if (text == null && journal.response != null) {
            text = journal.response.headers().get("grpc-status");
        }
        if (text == null || text.isEmpty() || text.length() > 9) {
            return Journal.UNKNOWN;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return Journal.UNKNOWN;
            }
        }
        return Integer.parseInt(text);
    }
}
