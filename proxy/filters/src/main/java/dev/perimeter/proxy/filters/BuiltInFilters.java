package dev.perimeter.proxy.filters;

import dev.perimeter.proxy.filter.FilterKind;
import java.util.List;

/** The filters every proxy has. A new one is one file and one line here. */
public final class BuiltInFilters {

    private BuiltInFilters() {}

    public static List<FilterKind> all() {
        return List.of(
                new HeaderMutationFilter(), // sets, appends and removes headers
                new RouterFilter()); // sends the request to the cluster of its route
    }
}
