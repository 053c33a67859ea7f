package dev.perimeter.proxy.snapshot;

/**
 * How a request's path and authority are brought into one form before anything reads them; what is changed goes upstream
 * as well. Each field is the connection manager's of nearly the same name, in Envoy's order.
 *
 * @param escapedSlashes path_with_escaped_slashes_action: what becomes of {@code %2F} and {@code %5C} in a path
 * @param normalizePath follow dot segments (RFC 3986 section 6.2.2.3)
 * @param mergeSlashes several slashes become one
 * @param stripTrailingDot {@code strip_trailing_host_dot}
 */
public record RequestCleaning(
        EscapedSlashes escapedSlashes,
        boolean normalizePath,
        boolean mergeSlashes,
        boolean stripTrailingDot,
        StripPort stripPort) {

    /** As it was sent. */
    public static final RequestCleaning NONE =
            new RequestCleaning(EscapedSlashes.KEEP, false, false, false, StripPort.NEVER);

    public enum EscapedSlashes {
        KEEP,
        /** 400. */
        REJECT,
        /** 307 to the path with plain slashes. */
        REDIRECT,
        UNESCAPE
    }

    /** When the port of the authority is taken away; never from a CONNECT, which needs it. */
    public enum StripPort {
        NEVER,
        /** When it is the port that the request came to. */
        MATCHING,
        ALWAYS
    }
}
