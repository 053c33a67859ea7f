package dev.perimeter.proxy.route;

import com.google.re2j.Pattern;
import java.util.List;

/** What a request must look like; all conditions must hold. */
public record RouteMatch(PathMatch path, List<ValueMatch> headers, List<ValueMatch> queries) {

    /** How the path (without the query) is compared. */
    public sealed interface PathMatch {

        record Exact(String path) implements PathMatch {}

        /** Plain string prefix; {@code /} matches everything. */
        record Prefix(String prefix) implements PathMatch {}

        /** Prefix by whole path elements: {@code /orders} matches {@code /orders} and {@code /orders/1}, not {@code /orders-admin}. */
        record ElementPrefix(String prefix) implements PathMatch {}

        /** The whole path must match. re2j: linear time whatever the client sends. */
        record Regex(Pattern pattern) implements PathMatch {}

        /** Matches CONNECT requests and nothing else. */
        record Connect() implements PathMatch {}
    }

    /**
     * A condition on one header ({@code :method} included) or one query parameter.
     *
     * @param invert true when the condition must not hold
     */
    public record ValueMatch(String name, Test test, boolean invert) {

        public sealed interface Test {

            record Present() implements Test {}

            record Exact(String value) implements Test {}

            record Prefix(String value) implements Test {}

            record Suffix(String value) implements Test {}

            record Regex(Pattern pattern) implements Test {}
        }
    }
}
