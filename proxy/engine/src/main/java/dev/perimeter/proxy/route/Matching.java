package dev.perimeter.proxy.route;

import dev.perimeter.proxy.http.Headers;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a request is what a route asks for; the rules are Envoy's RouteMatch, HeaderMatcher and QueryParameterMatcher. */
final class Matching {

    private Matching() {}

    static boolean matches(RouteMatch match, RequestHead request) {
        return path(match.path(), request)
                && headers(match.headers(), request)
                && queries(match.queries(), request.path());
    }

    private static boolean path(PathMatch match, RequestHead request) {
        // A CONNECT has no path, so that only a route made for it can take it.
        if (request.method().equals("CONNECT")) {
            return match instanceof PathMatch.Connect;
        }
        String path = withoutQuery(request.path());
        return switch (match) {
            case PathMatch.Prefix(String prefix) -> path.startsWith(prefix);
            case PathMatch.Exact(String exact) -> path.equals(exact);
            case PathMatch.ElementPrefix(String prefix) -> elements(prefix, path);
            case PathMatch.Regex(com.google.re2j.Pattern pattern) -> pattern.matches(path);
            case PathMatch.Connect() -> false;
        };
    }

    private static boolean elements(String prefix, String path) {
        int length = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        return path.length() >= length
                && path.regionMatches(0, prefix, 0, length)
                && (path.length() == length || path.charAt(length) == '/');
    }

    static String withoutQuery(String path) {
        int end = path.indexOf('?');
        return end < 0 ? path : path.substring(0, end);
    }

    private static boolean headers(List<ValueMatch> conditions, RequestHead request) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!holds(conditions.get(i), header(conditions.get(i).name(), request))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String header(String name, RequestHead request) {
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
        String value = null;
        for (int i = 0; i < headers.size(); i++) {
            if (headers.name(i).equalsIgnoreCase(name)) {
                value = value == null ? headers.value(i) : value + "," + headers.value(i);
            }
        }
        return value;
    }

    private static boolean queries(List<ValueMatch> conditions, String path) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!holds(conditions.get(i), parameter(conditions.get(i).name(), path))) {
                return false;
            }
        }
        return true;
    }

    /** The first value of a query parameter, as it was sent (Envoy compares without decoding). */
    private static @Nullable String parameter(String name, String path) {
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
    private static boolean holds(ValueMatch condition, @Nullable String value) {
        if (condition.test() instanceof Test.Present) {
            return (value != null) != condition.invert();
        }
        return value != null && meets(condition.test(), value) != condition.invert();
    }

    private static boolean meets(Test test, String value) {
        return switch (test) {
            case Test.Present() -> true;
            case Test.Exact(String exact) -> value.equals(exact);
            case Test.Prefix(String prefix) -> value.startsWith(prefix);
            case Test.Suffix(String suffix) -> value.endsWith(suffix);
            case Test.Regex(com.google.re2j.Pattern pattern) -> pattern.matches(value);
        };
    }
}
