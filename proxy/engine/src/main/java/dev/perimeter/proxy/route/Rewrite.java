package dev.perimeter.proxy.route;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RequestRewrite.HostRewrite;
import dev.perimeter.proxy.route.RequestRewrite.PathRewrite;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.path.RegexRewrite;
import dev.perimeter.proxy.route.path.TemplateRewrite;
import org.jspecify.annotations.Nullable;

/** Changes authority and path as a route asks, for a request that goes on. */
public final class Rewrite {

    private Rewrite() {}

    private static final String ORIGINAL_PATH = "x-envoy-original-path";
    private static final String ORIGINAL_HOST = "x-envoy-original-host";

    /**
     * @param clusterHost of the weighted cluster that was chosen, or null; has the first word, the route the last
     * @param marks whether what is changed is kept in {@code x-envoy-original-host} and {@code x-envoy-original-path}
     */
    public static void apply(
            RequestHead request, Route route, RequestRewrite rewrite, @Nullable String clusterHost, boolean marks) {
        if (clusterHost != null || rewrite.host() != null) {
            String host = clusterHost == null ? host(request, rewrite.host()) : clusterHost;
            if (host != null && isAuthority(host)) {
                if (rewrite.appendForwardedHost()) {
                    appendForwardedHost(request);
                }
                if (marks) {
                    request.headers().set(ORIGINAL_HOST, request.authority());
                }
                request.authority(host);
            }
        }
        if (rewrite.path() != null) {
            String path = path(request.path(), route.match().path(), rewrite.path());
            if (isVisible(path)) {
                // Nothing but a path that begins with a slash can stand in a request line.
                if (marks) {
                    request.headers().set(ORIGINAL_PATH, request.path());
                }
                request.path(path.startsWith("/") ? path : "/" + path);
            }
        }
    }

    private static @Nullable String host(RequestHead request, @Nullable HostRewrite rewrite) {
        return switch (rewrite) {
            case null -> null;
            case HostRewrite.Literal(String host) -> host;
            case HostRewrite.OfEndpoint() -> null;
            case HostRewrite.Header(String name) -> request.headers().get(name);
            case HostRewrite.FromPath(RegexRewrite regex) -> regex.apply(withoutQuery(request.path()));
        };
    }

    /** What a client had a hand in may hold anything; only what can stand in an authority replaces one. */
    private static boolean isAuthority(String host) {
        return !host.isEmpty()
                && isVisible(host)
                && host.indexOf('/') < 0
                && host.indexOf('@') < 0
                && host.indexOf('?') < 0
                && host.indexOf('#') < 0;
    }

    private static boolean isVisible(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** An endpoint was chosen whose name is the authority from here on. */
    public static void ofEndpoint(RequestHead request, String name, boolean appendForwardedHost) {
        if (appendForwardedHost) {
            appendForwardedHost(request);
        }
        request.authority(name);
    }

    private static void appendForwardedHost(RequestHead request) {
        String before = request.headers().get("x-forwarded-host");
        // What this proxy wrote itself at the edge is not written twice.
        if (before == null) {
            request.headers().set("x-forwarded-host", request.authority());
        } else if (!before.endsWith(request.authority())) {
            request.headers().set("x-forwarded-host", before + "," + request.authority());
        }
    }

    private static String path(String path, PathMatch match, PathRewrite rewrite) {
        return switch (rewrite) {
            case PathRewrite.Prefix(String replacement) -> prefix(path, match, replacement);
            case PathRewrite.Regex(RegexRewrite regex) -> regex.apply(withoutQuery(path)) + query(path);
            case PathRewrite.Template(TemplateRewrite template) -> template.apply(withoutQuery(path)) + query(path);
        };
    }

    /** The path with what the match found of it replaced. */
    static String prefix(String path, PathMatch match, String replacement) {
        return switch (match) {
            case PathMatch.Prefix prefix ->
                replacement + path.substring(prefix.prefix().length());
            case PathMatch.ElementPrefix prefix -> elements(path, prefix.prefix(), replacement);
            case PathMatch.Exact exact ->
                replacement + path.substring(exact.path().length());
            case PathMatch.Regex regex -> replacement + query(path);
            case PathMatch.Template template -> replacement + query(path);
            case PathMatch.Connect connect -> path;
        };
    }

    /** Slashes neither double nor vanish: {@code /a} to {@code /} turns {@code /a/b} into {@code /b} and {@code /a} into {@code /}. */
    private static String elements(String path, String prefix, String replacement) {
        int length = prefix.endsWith("/") ? prefix.length() - 1 : prefix.length();
        String rest = path.substring(length);
        String start = replacement.endsWith("/") ? replacement.substring(0, replacement.length() - 1) : replacement;
        return rest.isEmpty() || rest.startsWith("?") ? (start.isEmpty() ? "/" : replacement) + rest : start + rest;
    }

    static String withoutQuery(String path) {
        int end = path.indexOf('?');
        return end < 0 ? path : path.substring(0, end);
    }

    static String query(String path) {
        int start = path.indexOf('?');
        return start < 0 ? "" : path.substring(start);
    }
}
