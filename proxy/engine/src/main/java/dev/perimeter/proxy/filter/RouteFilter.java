package dev.perimeter.proxy.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * What the levels of the routing say of one filter together.
 *
 * @param levels the least specific first; the last one has the last word
 * @param disabled whether the most specific level leaves the filter out; any other word of a level brings in a filter that
 *     the chain has disabled
 */
public record RouteFilter(List<RouteOverride> levels, boolean disabled) {

    /** This level inside others. */
    public RouteFilter within(RouteFilter outer) {
        List<RouteOverride> all = new ArrayList<>(outer.levels);
        all.addAll(levels);
        return new RouteFilter(List.copyOf(all), disabled);
    }

    /** The filter of the chain as all levels have it. */
    public FilterFactory over(FilterFactory chain) {
        FilterFactory factory = chain;
        for (RouteOverride level : levels) {
            factory = level.apply(factory);
        }
        return factory;
    }
}
