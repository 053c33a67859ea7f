package dev.perimeter.proxy.filter;

import java.util.function.Function;

/**
 * The outcome of reading a piece of configuration: the value, or the one sentence that says why not. The sentence is what
 * the operator reads in the NACK and in the status of the resource, so it names the field, the value and the rule.
 */
public sealed interface Parsed<T> {

    /** What is made of the value, if there is one. */
    default <R> Parsed<R> map(Function<T, R> next) {
        return switch (this) {
            case Ok<T>(T value) -> new Ok<>(next.apply(value));
            case Bad<T>(String path, String reason) -> new Bad<>(path, reason);
        };
    }

    record Ok<T>(T value) implements Parsed<T> {}

    /**
     * @param path the field, relative to what was parsed, e.g. {@code http_filters[2].typed_config.max_age}; may be empty
     * @param reason what is wrong with it, e.g. {@code -5 must not be negative}
     */
    record Bad<T>(String path, String reason) implements Parsed<T> {

        public String sentence() {
            return path.isEmpty() ? reason : path + ": " + reason;
        }
    }
}
