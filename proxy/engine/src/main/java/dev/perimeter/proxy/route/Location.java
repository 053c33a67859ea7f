package dev.perimeter.proxy.route;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteAction.Redirect;
import dev.perimeter.proxy.route.path.Authorities;

/** The {@code Location} of a redirect: the request's own URI with the parts of the redirect put in, as Envoy does it. */
public final class Location {

    private Location() {}

    public static String of(RequestHead request, Route route, Redirect redirect) {
        String scheme = redirect.scheme() == null ? request.scheme() : redirect.scheme();
        return scheme + "://" + authority(request, redirect, scheme) + path(request.path(), route, redirect);
    }

    private static String authority(RequestHead request, Redirect redirect, String scheme) {
        String host = redirect.host();
        if (redirect.port() > 0) {
            // Envoy writes a scheme's usual port too; without it the URI is the same (RFC 3986 section 6.2.3).
            boolean usual = redirect.port() == (scheme.equals("https") ? 443 : 80);
            String name = host == null ? Authorities.withoutPort(request.authority()) : host;
            return usual ? name : name + ":" + redirect.port();
        }
        if (host != null) {
            return host;
        }
        String authority = request.authority();
        String name = Authorities.withoutPort(authority);
        String port = authority.substring(name.length());
        boolean usualBefore = port.equals(request.scheme().equals("https") ? ":443" : ":80");
        return !scheme.equals(request.scheme()) && usualBefore ? name : authority;
    }

    private static String path(String path, Route route, Redirect redirect) {
        String replaced = redirect.path();
        if (replaced != null) {
            // A query in the replacement is the whole query; without one that of the request goes on.
            boolean own = replaced.contains("?") || redirect.stripQuery();
            return own ? replaced : replaced + Rewrite.query(path);
        }
        String kept = redirect.stripQuery() ? Rewrite.withoutQuery(path) : path;
        if (redirect.prefixRewrite() != null) {
            return Rewrite.prefix(kept, route.match().path(), redirect.prefixRewrite());
        }
        return redirect.regex() == null
                ? kept
                : redirect.regex().apply(Rewrite.withoutQuery(kept)) + Rewrite.query(kept);
    }
}
