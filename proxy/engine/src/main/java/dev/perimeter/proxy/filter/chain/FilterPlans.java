package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.route.Route;
import dev.perimeter.proxy.route.RouteAction;
import dev.perimeter.proxy.route.RouteTable;
import dev.perimeter.proxy.route.VirtualHost;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** A connection manager's chain as each of its routes changes it; made when a configuration comes into force. Immutable. */
public final class FilterPlans {

    private final FilterPlan standard;

    /** Routes that say the same share one map, so its identity tells them apart from others. */
    private final Map<Map<String, RouteFilter>, FilterPlan> special = new IdentityHashMap<>();

    public FilterPlans(List<NamedFilter> chain, RouteTable routes, FilterSetup setup) {
        standard = FilterPlan.of(chain, Map.of(), setup);
        for (VirtualHost host : routes.virtualHosts()) {
            for (Route route : host.routes()) {
                add(route.filterConfigs(), chain, setup);
                if (route.action() instanceof RouteAction.Forward forward) {
                    forward.clusters().forEach(cluster -> add(cluster.own().filterConfigs(), chain, setup));
                }
            }
        }
    }

    private void add(Map<String, RouteFilter> configs, List<NamedFilter> chain, FilterSetup setup) {
        if (!configs.isEmpty()) {
            special.computeIfAbsent(configs, route -> FilterPlan.of(chain, route, setup));
        }
    }

    /** The plan of a request that took no route. */
    public FilterPlan standard() {
        return standard;
    }

    /** @param configs of a route of the table this was made for */
    public FilterPlan plan(Map<String, RouteFilter> configs) {
        return configs.isEmpty() ? standard : special.getOrDefault(configs, standard);
    }
}
