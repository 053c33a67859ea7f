package dev.perimeter.gateway.filters;

import dev.perimeter.proxy.filter.FilterKind;
import java.util.List;

/** What a gateway has beyond the filters of every proxy. A new one is one file and one line here. */
public final class GatewayFilters {

    private GatewayFilters() {}

    public static List<FilterKind> all() {
        return List.of(new BodyLimitFilter()); // refuses requests whose body is too long
    }
}
