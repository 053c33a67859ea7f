package dev.perimeter.proxy.route;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.route.path.UriTemplate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request must look like; all conditions must hold.
 *
 * @param grpc whether the request must be gRPC by its content type
 * @param share of the requests that are taken at all; null for all
 */
public record RouteMatch(
        PathMatch path,
        List<ValueMatch> headers,
        List<ValueMatch> queries,
        boolean grpc,
        @Nullable Share share) {

    public RouteMatch(PathMatch path, List<ValueMatch> headers, List<ValueMatch> queries) {
        this(path, headers, queries, false, null);
    }

    /** @param of 100, 10,000 or 1,000,000 */
    public record Share(long taken, long of) {}

    /** How the path (without the query) is compared. */
    public sealed interface PathMatch {

        record Exact(String path, boolean ignoreCase) implements PathMatch {
            public Exact(String path) {
                this(path, false);
            }
        }

        /** Plain string prefix; {@code /} matches everything. */
        record Prefix(String prefix, boolean ignoreCase) implements PathMatch {
            public Prefix(String prefix) {
                this(prefix, false);
            }
        }

        /** Prefix by whole path elements: {@code /orders} matches {@code /orders} and {@code /orders/1}, not {@code /orders-admin}. */
        record ElementPrefix(String prefix, boolean ignoreCase) implements PathMatch {
            public ElementPrefix(String prefix) {
                this(prefix, false);
            }
        }

        /** The whole path must match. re2j: linear time whatever the client sends. */
        record Regex(Pattern pattern) implements PathMatch {}

        record Template(UriTemplate template) implements PathMatch {}

        /** Matches CONNECT requests and nothing else. */
        record Connect() implements PathMatch {}
    }

    /**
     * A condition on one header ({@code :method} included) or one query parameter.
     *
     * @param invert true when the condition must not hold
     * @param missingIsEmpty whether what is not there counts as there with an empty value
     */
    public record ValueMatch(String name, Test test, boolean invert, boolean missingIsEmpty) {

        public ValueMatch(String name, Test test, boolean invert) {
            this(name, test, invert, false);
        }

        public sealed interface Test {

            record Present() implements Test {}

            record Exact(String value, boolean ignoreCase) implements Test {
                public Exact(String value) {
                    this(value, false);
                }
            }

            record Prefix(String value, boolean ignoreCase) implements Test {
                public Prefix(String value) {
                    this(value, false);
                }
            }

            record Suffix(String value, boolean ignoreCase) implements Test {
                public Suffix(String value) {
                    this(value, false);
                }
            }

            record Contains(String value, boolean ignoreCase) implements Test {}

            record Regex(Pattern pattern) implements Test {}

            /** A whole decimal number. @param end is not in it any more */
            record Range(long start, long end) implements Test {}
        }
    }
}
