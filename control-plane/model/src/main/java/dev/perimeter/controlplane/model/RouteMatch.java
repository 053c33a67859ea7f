package dev.perimeter.controlplane.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a rule takes: all the parts must agree.
 *
 * @param method an HTTP method, null for any
 * @param headers names are compared without regard to case
 * @param queryParams the first value of a repeated parameter counts
 */
public record RouteMatch(Path path, @Nullable String method, List<Named> headers, List<Named> queryParams) {
    /** Takes every request: what a rule without matches means. */
    public static final RouteMatch EVERYTHING = new RouteMatch(new Path.Prefix("/"), null, List.of(), List.of());

    public RouteMatch {
        headers = List.copyOf(headers);
        queryParams = List.copyOf(queryParams);
    }

    /** A condition on the path, which always starts with a slash. */
    public sealed interface Path {
        String value();

        /** The very same path. */
        record Exact(String value) implements Path {}

        /** The path or one below it, element by element: {@code /a} takes {@code /a/b} and not {@code /ab}. */
        record Prefix(String value) implements Path {}

        /** The whole path matches an RE2 expression. */
        record Regex(String value) implements Path {}
    }

    /**
     * A condition on a header or a query parameter.
     *
     * @param regex whether the value is an RE2 expression for the whole value rather than the value itself
     */
    public record Named(String name, String value, boolean regex) {}
}
