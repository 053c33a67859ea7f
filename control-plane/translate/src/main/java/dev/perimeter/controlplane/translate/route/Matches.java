package dev.perimeter.controlplane.translate.route;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/** Makes Envoy's match from ours. */
final class Matches {
    private Matches() {}

    static RouteMatch of(dev.perimeter.controlplane.model.RouteMatch match) {
        RouteMatch.Builder made = RouteMatch.newBuilder();
        switch (match.path()) {
            case dev.perimeter.controlplane.model.RouteMatch.Path.Exact exact -> made.setPath(exact.value());
            case dev.perimeter.controlplane.model.RouteMatch.Path.Regex regex ->
                made.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.value()));
            case dev.perimeter.controlplane.model.RouteMatch.Path.Prefix prefix -> {
                if (prefix.value().equals("/")) {
                    made.setPrefix("/");
                } else {
                    made.setPathSeparatedPrefix(prefix.value());
                }
            }
        }
        if (match.method() != null) {
            made.addHeaders(HeaderMatcher.newBuilder()
                    .setName(":method")
                    .setStringMatch(StringMatcher.newBuilder().setExact(match.method())));
        }
        match.headers()
                .forEach(header -> made.addHeaders(
                        HeaderMatcher.newBuilder().setName(header.name()).setStringMatch(string(header))));
        match.queryParams()
                .forEach(param -> made.addQueryParameters(
                        QueryParameterMatcher.newBuilder().setName(param.name()).setStringMatch(string(param))));
        return made.build();
    }

    /** CONNECT requests and nothing else. */
    static RouteMatch connect() {
        return RouteMatch.newBuilder()
                .setConnectMatcher(RouteMatch.ConnectMatcher.getDefaultInstance())
                .build();
    }

    private static StringMatcher string(dev.perimeter.controlplane.model.RouteMatch.Named named) {
        return named.regex()
                ? StringMatcher.newBuilder()
                        .setSafeRegex(RegexMatcher.newBuilder().setRegex(named.value()))
                        .build()
                : StringMatcher.newBuilder().setExact(named.value()).build();
    }
}
