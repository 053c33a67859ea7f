package dev.perimeter.proxy.route.select;

import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.route.path.Authorities;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A route table made ready for requests: built once for each table, immutable, shared by all event loops. */
public final class RouteIndex {

    private final RouteTable table;
    private final HostIndex<HostRules> hosts;

    private RouteIndex(RouteTable table, HostIndex<HostRules> hosts) {
        this.table = table;
        this.hosts = hosts;
    }

    public static Parsed<RouteIndex> of(RouteTable table) {
        HostIndex<HostRules> hosts = new HostIndex<>();
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
            HostRules finished = new HostRules(host, rules);
            host.domains().forEach(domain -> hosts.put(domain, finished));
        }
        return new Parsed.Ok<>(new RouteIndex(table, hosts));
    }

    /** What the index was made from; an equal table needs no new index. */
    public RouteTable table() {
        return table;
    }

    /**
     * The first route that matches in the virtual host of the request, or null.
     *
     * @param random decides for routes that take a share of their requests
     */
    public @Nullable RouteRule select(RequestHead request, RandomGenerator random) {
        HostRules host = host(request);
        return host == null
                ? null
                : host.select(
                        request,
                        Matching.compared(request.path(), table.options().ignoreParameters()),
                        random);
    }

    @Nullable
    HostRules host(RequestHead request) {
        String authority = request.authority();
        return hosts.find(table.options().ignorePort() ? Authorities.withoutPort(authority) : authority);
    }
}
