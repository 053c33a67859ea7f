package dev.perimeter.proxy.filter.chain;

import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterSetup;
import dev.perimeter.proxy.filter.HttpFilter;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filters of the exchanges that take a certain route, with nothing left to look up. Immutable. */
public final class FilterPlan {

    private final FilterFactory[] factories;

    private FilterPlan(FilterFactory[] factories) {
        this.factories = factories;
    }

    /** @param route what the routing says, by the name of the filter in the chain */
    public static FilterPlan of(List<NamedFilter> chain, Map<String, RouteFilter> route, FilterSetup setup) {
        List<FilterFactory> factories = new ArrayList<>(chain.size());
        for (NamedFilter named : chain) {
            @Nullable RouteFilter here = route.get(named.name());
            if (here == null ? !named.disabled() : !here.disabled()) {
                FilterFactory factory = here == null ? named.factory() : here.over(named.factory());
                factories.add(factory.bind(setup));
            }
        }
        return new FilterPlan(factories.toArray(FilterFactory[]::new));
    }

    HttpFilter[] create() {
        HttpFilter[] filters = new HttpFilter[factories.length];
        for (int i = 0; i < filters.length; i++) {
            filters[i] = factories[i].create();
        }
        return filters;
    }
}
