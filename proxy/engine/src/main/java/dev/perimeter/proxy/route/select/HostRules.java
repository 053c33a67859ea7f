package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.VirtualHost;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The rules of one virtual host, of which the first that matches is taken. */
final class HostRules {

    /** Few rules are faster looked at one after the other. */
    private static final int FEW = 8;

    private final VirtualHost host;
    private final RouteRule[] rules;
    private final @Nullable PathIndex index;
    private final RouteRule toTls = RouteRule.toTls();

    HostRules(VirtualHost host, List<RouteRule> rules) {
        this.host = host;
        this.rules = rules.toArray(RouteRule[]::new);
        this.index = rules.size() > FEW ? PathIndex.of(rules) : null;
    }

    VirtualHost host() {
        return host;
    }

    RouteRule[] rules() {
        return rules;
    }

    @Nullable
    RouteRule select(RequestHead request, String path, RandomGenerator random) {
        if (wantsTls(request)) {
            return toTls;
        }
        PathIndex paths = index;
        if (paths == null) {
            for (RouteRule rule : rules) {
                if (Matching.matches(rule.route().match(), request, path, random)) {
                    return rule;
                }
            }
            return null;
        }
        int position = paths.first(path);
        if (position == Integer.MAX_VALUE) {
            return null;
        }
        if (Matching.matches(rules[position].route().match(), request, path, random)) {
            return rules[position];
        }
        PathIndex.Candidates candidates = paths.candidates(path);
        candidates.next();
        for (int next = candidates.next(); next != Integer.MAX_VALUE; next = candidates.next()) {
            if (Matching.matches(rules[next].route().match(), request, path, random)) {
                return rules[next];
            }
        }
        return null;
    }

    /** A proxy before this one may have ended TLS; what it says in {@code x-forwarded-proto} has been judged before. */
    boolean wantsTls(RequestHead request) {
        if (!host.requireTls()) {
            return false;
        }
        String forwarded = request.headers().get("x-forwarded-proto");
        return !(forwarded == null ? request.scheme() : forwarded).equals("https");
    }
}
