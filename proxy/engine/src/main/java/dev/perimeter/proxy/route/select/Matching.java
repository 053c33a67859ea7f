package dev.perimeter.proxy.route.select;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.Share;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.path.UriTemplate;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Whether a request is what a route asks for; the rules are Envoy's RouteMatch. */
final class Matching {

    private Matching() {}

    /** @param path of the request, as far as it is compared ({@link #compared}) */
    static boolean matches(RouteMatch match, RequestHead request, String path, RandomGenerator random) {
        return path(match.path(), request, path)
                && headers(match.headers(), request)
                && queries(match.queries(), request.path())
                && (!match.grpc() || isGrpc(request))
                && (match.share() == null || taken(match.share(), random));
    }

    /** The part of a request's path that routes look at. */
    static String compared(String path, boolean ignoreParameters) {
        int end = path.indexOf('?');
        end = end < 0 ? path.length() : end;
        if (ignoreParameters) {
            int semicolon = path.indexOf(';');
            end = semicolon < 0 ? end : Math.min(end, semicolon);
        }
        return end == path.length() ? path : path.substring(0, end);
    }

    static boolean path(PathMatch match, RequestHead request, String path) {
        // A CONNECT has no path, so that only a route made for it can take it.
        if (request.method().equals("CONNECT")) {
            return match instanceof PathMatch.Connect;
        }
        return switch (match) {
            case PathMatch.Prefix(String prefix, boolean ignoreCase) ->
                path.regionMatches(ignoreCase, 0, prefix, 0, prefix.length());
            case PathMatch.Exact(String exact, boolean ignoreCase) ->
                ignoreCase ? path.equalsIgnoreCase(exact) : path.equals(exact);
            case PathMatch.ElementPrefix(String prefix, boolean ignoreCase) -> elements(prefix, path, ignoreCase);
            case PathMatch.Regex(Pattern pattern) -> pattern.matches(path);
            case PathMatch.Template(UriTemplate template) -> template.matches(path);
            case PathMatch.Connect() -> false;
        };
    }

    private static boolean elements(String prefix, String path, boolean ignoreCase) {
        int length = elementLength(prefix);
        return path.length() >= length
                && path.regionMatches(ignoreCase, 0, prefix, 0, length)
                && (path.length() == length || path.charAt(length) == '/');
    }

    /** A slash at the end of a prefix by elements says nothing. */
    static int elementLength(String prefix) {
        return prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
    }

    private static boolean headers(List<ValueMatch> conditions, RequestHead request) {
        for (int i = 0; i < conditions.size(); i++) {
            ValueMatch condition = conditions.get(i);
            if (!ValueConditions.holds(condition, ValueConditions.header(condition.name(), request))) {
                return false;
            }
        }
        return true;
    }

    private static boolean queries(List<ValueMatch> conditions, String path) {
        for (int i = 0; i < conditions.size(); i++) {
            ValueMatch condition = conditions.get(i);
            if (!ValueConditions.holds(condition, ValueConditions.parameter(condition.name(), path))) {
                return false;
            }
        }
        return true;
    }

    /** {@code application/grpc} or {@code application/grpc+...}; {@code application/grpc-web} is another thing. */
    static boolean isGrpc(RequestHead request) {
        String type = request.headers().get("content-type");
        String grpc = "application/grpc";
        return type != null
                && type.startsWith(grpc)
                && (type.length() == grpc.length() || type.charAt(grpc.length()) == '+');
    }

    private static boolean taken(@Nullable Share share, RandomGenerator random) {
        return share == null || random.nextLong(share.of()) < share.taken();
    }
}
