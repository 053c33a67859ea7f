package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Conditions on headers and query parameters; the rules are Envoy's HeaderMatcher and QueryParameterMatcher. */
public final class ValueConditions {

    private ValueConditions() {}

    /** Whether one of the conditions holds of the request; {@code :method} and the like can be named. */
    public static boolean any(List<ValueMatch> conditions, RequestHead request) {
        for (int i = 0; i < conditions.size(); i++) {
            if (holds(conditions.get(i), header(conditions.get(i).name(), request))) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the conditions holds of the headers. */
    public static boolean any(List<ValueMatch> conditions, Headers headers) {
        for (int i = 0; i < conditions.size(); i++) {
            if (holds(conditions.get(i), joined(conditions.get(i).name(), headers))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a request meets them all. */
    public static boolean all(List<ValueMatch> conditions, RequestHead request) {
        for (int i = 0; i < conditions.size(); i++) {
            ValueMatch condition = conditions.get(i);
            if (!holds(condition, header(condition.name(), request))) {
                return false;
            }
        }
        return true;
    }

    public static @Nullable String header(String name, RequestHead request) {
        return switch (name) {
            case ":method" -> request.method();
            case ":path" -> request.path();
            case ":authority", "host" -> request.authority();
            case ":scheme" -> request.scheme();
            default -> joined(name, request.headers());
        };
    }

    /** Several lines of one field are one list (RFC 9110 section 5.3). */
    private static @Nullable String joined(String name, Headers headers) {
        int at = headers.indexOf(name, 0);
        if (at < 0) {
            return null;
        }
        String value = headers.value(at);
        for (int next = headers.indexOf(name, at + 1); next >= 0; next = headers.indexOf(name, next + 1)) {
            value = value + "," + headers.value(next);
        }
        return value;
    }

    /** The first value of a query parameter, as it was sent (Envoy compares without decoding). */
    static @Nullable String parameter(String name, String path) {
        int at = path.indexOf('?') + 1;
        if (at == 0) {
            return null;
        }
        while (at <= path.length()) {
            int end = path.indexOf('&', at);
            end = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd - at == name.length() && path.regionMatches(at, name, 0, name.length())) {
                return nameEnd == end ? "" : path.substring(nameEnd + 1, end);
            }
            at = end + 1;
        }
        return null;
    }

    /** A value that is not there meets no condition on its content, an inverted one neither (as in Envoy). */
    static boolean holds(ValueMatch condition, @Nullable String found) {
        String value = found == null && condition.missingIsEmpty() ? "" : found;
        if (condition.test() instanceof Test.Present) {
            return (value != null) != condition.invert();
        }
        return value != null && meets(condition.test(), value) != condition.invert();
    }

    public static boolean meets(Test test, String value) {
        return switch (test) {
            case Test.Present() -> true;
            case Test.Exact(String exact, boolean ignoreCase) ->
                ignoreCase ? value.equalsIgnoreCase(exact) : value.equals(exact);
            case Test.Prefix(String prefix, boolean ignoreCase) ->
                value.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
            case Test.Suffix(String suffix, boolean ignoreCase) ->
                value.regionMatches(ignoreCase, value.length() - suffix.length(), suffix, 0, suffix.length());
            case Test.Contains(String part, boolean ignoreCase) -> contains(value, part, ignoreCase);
            case Test.Regex(com.google.re2j.Pattern pattern) -> pattern.matches(value);
            case Test.Range(long start, long end) -> inRange(value, start, end);
        };
    }

    private static boolean contains(String value, String part, boolean ignoreCase) {
        if (!ignoreCase) {
            return value.contains(part);
        }
        for (int at = 0; at + part.length() <= value.length(); at++) {
            if (value.regionMatches(true, at, part, 0, part.length())) {
                return true;
            }
        }
        return false;
    }

    /** Digits with an optional minus and nothing else; what is no number, or none that fits, is in no range. */
    private static boolean inRange(String value, long start, long end) {
        boolean negative = value.startsWith("-");
        int digits = value.length() - (negative ? 1 : 0);
        if (digits < 1 || digits > 19) {
            return false;
        }
        long number = 0;
        for (int i = negative ? 1 : 0; i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            // Counted downwards, as there is one more negative number than there are positive ones.
            if (digit < 0 || digit > 9 || number < (Long.MIN_VALUE + digit) / 10) {
                return false;
            }
            number = number * 10 - digit;
        }
        if (!negative && number == Long.MIN_VALUE) {
            return false;
        }
        long signed = negative ? number : -number;
        return start <= signed && signed < end;
    }
}
