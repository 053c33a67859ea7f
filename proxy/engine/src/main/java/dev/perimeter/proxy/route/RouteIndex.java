package dev.perimeter.proxy.route;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.RequestHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A route table made ready for requests: built once for each table, immutable, shared by all event loops. */
public final class RouteIndex {

    private final RouteTable table;
    private final HostIndex<List<RouteRule>> hosts;

    private RouteIndex(RouteTable table, HostIndex<List<RouteRule>> hosts) {
        this.table = table;
        this.hosts = hosts;
    }

    public static Parsed<RouteIndex> of(RouteTable table) {
        HostIndex<List<RouteRule>> hosts = new HostIndex<>();
        for (VirtualHost host : table.virtualHosts()) {
            List<RouteRule> rules = new ArrayList<>();
            for (Route route : host.routes()) {
                switch (RouteRule.of(route, table)) {
                    case Parsed.Ok<RouteRule>(RouteRule rule) -> rules.add(rule);
                    case Parsed.Bad<RouteRule> bad -> {
                        return new Parsed.Bad<>("virtual_hosts[" + host.name() + "]", bad.sentence());
                    }
                }
            }
            List<RouteRule> finished = List.copyOf(rules);
            host.domains().forEach(domain -> hosts.put(domain, finished));
        }
        return new Parsed.Ok<>(new RouteIndex(table, hosts));
    }

    /** What the index was made from; an equal table needs no new index. */
    public RouteTable table() {
        return table;
    }

    /** The first route that matches in the virtual host of the request, or null. */
    public @Nullable RouteRule select(RequestHead request) {
        List<RouteRule> rules =
                hosts.find(table.ignorePort() ? HostIndex.withoutPort(request.authority()) : request.authority());
        if (rules == null) {
            return null;
        }
        for (int i = 0; i < rules.size(); i++) {
            RouteRule rule = rules.get(i);
            if (Matching.matches(rule.route().match(), request)) {
                return rule;
            }
        }
        return null;
    }
}
