package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.RouteMatch;
import dev.perimeter.proxy.route.RouteMatch.PathMatch;
import dev.perimeter.proxy.route.RouteMatch.Share;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which route would take a request, and why. A pure function of the table and the request: it looks at one route
 * after the other by the very conditions that {@link RouteIndex} serves by, and takes its time.
 */
public final class Explainer {

    private Explainer() {}

    public static Explanation explain(RouteIndex index, RequestHead request) {
        RouteTable table = index.table();
        HostRules host = index.host(request);
        if (host == null) {
            String reason = "no virtual host has a domain for '" + request.authority() + "'"
                    + (table.options().ignorePort() ? " (its port is ignored)" : " (its port, if any, is part of it)");
            return new Explanation(table.name(), null, reason, List.of(), 0, null, -1, List.of());
        }
        String reason = hostReason(table, request);
        if (host.wantsTls(request)) {
            return new Explanation(
                    table.name(),
                    host.host().name(),
                    reason,
                    List.of(),
                    0,
                    RouteRule.toTls(),
                    -1,
                    List.of("the virtual host requires TLS, and the request did not come by https"));
        }
        return routes(table, host, reason, request);
    }

    private static Explanation routes(RouteTable table, HostRules host, String reason, RequestHead request) {
        String path = Matching.compared(request.path(), table.options().ignoreParameters());
        List<Explanation.Tried> tried = new ArrayList<>();
        RouteRule[] rules = host.rules();
        for (int i = 0; i < rules.length; i++) {
            RouteMatch match = rules[i].route().match();
            String failed = failed(match, request, path);
            if (failed == null) {
                return new Explanation(
                        table.name(),
                        host.host().name(),
                        reason,
                        List.copyOf(tried),
                        i - tried.size(),
                        rules[i],
                        i,
                        remarks(match));
            }
            if (tried.size() < Explanation.MOST_TRIED) {
                tried.add(new Explanation.Tried(i, rules[i].route().name(), failed));
            }
        }
        return new Explanation(
                table.name(),
                host.host().name(),
                reason,
                List.copyOf(tried),
                rules.length - tried.size(),
                null,
                -1,
                List.of());
    }

    private static List<String> remarks(RouteMatch match) {
        Share share = match.share();
        return share == null
                ? List.of()
                : List.of("it takes " + share.taken() + " of " + share.of()
                        + " such requests by chance; the others go on to the routes after it");
    }

    private static String hostReason(RouteTable table, RequestHead request) {
        HostIndex<String> domains = new HostIndex<>();
        for (VirtualHost host : table.virtualHosts()) {
            host.domains().forEach(domain -> domains.put(domain, domain));
        }
        String authority = request.authority();
        String compared = table.options().ignorePort()
                ? dev.perimeter.proxy.route.path.Authorities.withoutPort(authority)
                : authority;
        String domain = String.valueOf(domains.find(compared));
        String kind = domain.equals("*")
                ? "takes what no other domain takes"
                : domain.startsWith("*")
                        ? "is the longest suffix of"
                        : domain.endsWith("*") ? "is the longest prefix of" : "is exactly";
        return "its domain '" + domain + "' " + kind + (domain.equals("*") ? "" : " '" + compared + "'");
    }

    /** The first condition that does not hold, in a sentence; null when all hold. */
    static @Nullable String failed(RouteMatch match, RequestHead request, String path) {
        if (!Matching.path(match.path(), request, path)) {
            return path(match.path(), request, path);
        }
        for (ValueMatch condition : match.headers()) {
            String value = ValueConditions.header(condition.name(), request);
            if (!ValueConditions.holds(condition, value)) {
                return value("header", condition, value);
            }
        }
        for (ValueMatch condition : match.queries()) {
            String value = ValueConditions.parameter(condition.name(), request.path());
            if (!ValueConditions.holds(condition, value)) {
                return value("query parameter", condition, value);
            }
        }
        return match.grpc() && !Matching.isGrpc(request) ? "the content-type is not application/grpc" : null;
    }

    private static String path(PathMatch match, RequestHead request, String path) {
        if (request.method().equals("CONNECT")) {
            return "CONNECT is taken by routes with a connect_matcher only";
        }
        String quoted = "path '" + path + "' ";
        return switch (match) {
            case PathMatch.Exact exact -> quoted + "is not '" + exact.path() + "'";
            case PathMatch.Prefix prefix -> quoted + "does not begin with '" + prefix.prefix() + "'";
            case PathMatch.ElementPrefix prefix ->
                quoted + "does not begin with the elements of '" + prefix.prefix() + "'";
            case PathMatch.Regex regex ->
                quoted + "does not match the expression '" + regex.pattern().pattern() + "'";
            case PathMatch.Template template ->
                quoted + "does not match the template '" + template.template().text() + "'";
            case PathMatch.Connect connect -> "it takes CONNECT only";
        };
    }

    private static String value(String kind, ValueMatch condition, @Nullable String value) {
        String what = kind + " '" + condition.name() + "' " + (value == null ? "is not there" : "is '" + value + "'");
        String test = switch (condition.test()) {
            case ValueMatch.Test.Present present -> "be there";
            case ValueMatch.Test.Exact exact -> "be '" + exact.value() + "'";
            case ValueMatch.Test.Prefix prefix -> "begin with '" + prefix.value() + "'";
            case ValueMatch.Test.Suffix suffix -> "end with '" + suffix.value() + "'";
            case ValueMatch.Test.Contains part -> "contain '" + part.value() + "'";
            case ValueMatch.Test.Regex regex -> "match '" + regex.pattern().pattern() + "'";
            case ValueMatch.Test.Range range ->
                "be a number from " + range.start() + " up to, and without, " + range.end();
        };
        return what + " and must " + (condition.invert() ? "not " : "") + test;
    }
}
