package dev.perimeter.proxy.route;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteAction.Forward;
import dev.perimeter.proxy.route.RouteAction.Redirect;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import org.jspecify.annotations.Nullable;

/** Changes authority and path as a route asks, for a request that goes on and for the {@code Location} of a redirect. */
public final class Rewrite {

    private Rewrite() {}

    public static void apply(RequestHead request, Route route, Forward forward) {
        RequestRewrite rewrite = forward.rewrite();
        if (rewrite.host() != null) {
            request.authority(rewrite.host());
        }
        if (rewrite.prefix() != null) {
            request.path(prefix(request.path(), route.match().path(), rewrite.prefix()));
        }
    }

    /** An absolute URI: the request's own with the parts of the redirect put in. */
    public static String location(RequestHead request, Route route, Redirect redirect) {
        String scheme = redirect.scheme() == null ? request.scheme() : redirect.scheme();
        String host = redirect.host() == null ? HostIndex.withoutPort(request.authority()) : redirect.host();
        String path = request.path();
        if (redirect.path() != null) {
            path = redirect.path().contains("?") ? redirect.path() : redirect.path() + query(request.path());
        } else if (redirect.prefixRewrite() != null) {
            path = prefix(request.path(), route.match().path(), redirect.prefixRewrite());
        }
        return scheme + "://" + host + port(request, redirect, scheme) + path;
    }

    private static String port(RequestHead request, Redirect redirect, String scheme) {
        if (redirect.port() > 0) {
            boolean usual = redirect.port() == (scheme.equals("https") ? 443 : 80);
            return usual ? "" : ":" + redirect.port();
        }
        // Another scheme or host listens elsewhere: the request's port says nothing about it.
        boolean elsewhere = redirect.scheme() != null || redirect.host() != null;
        return elsewhere
                ? ""
                : request.authority()
                        .substring(HostIndex.withoutPort(request.authority()).length());
    }

    private static String prefix(String path, PathMatch match, String replacement) {
        return switch (match) {
            case PathMatch.Prefix(String prefix) -> replacement + path.substring(prefix.length());
            case PathMatch.ElementPrefix(String prefix) -> elements(path, prefix, replacement);
            case PathMatch.Exact(String exact) -> replacement + path.substring(exact.length());
            case PathMatch.Regex regex -> replacement + query(path);
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

    private static String query(@Nullable String path) {
        int start = path == null ? -1 : path.indexOf('?');
        return path == null || start < 0 ? "" : path.substring(start);
    }
}
