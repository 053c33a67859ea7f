package dev.perimeter.gateway.edge;

import dev.perimeter.gateway.filters.GatewayFilters;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filters.BuiltInFilters;
import dev.perimeter.proxy.sidecar.ProxyProcess;
import java.util.ArrayList;
import java.util.List;

/** {@code gateway --bootstrap FILE}. The engine, its admin pages and its life are the sidecar's. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        List<FilterKind> filters = new ArrayList<>(GatewayFilters.all());
        filters.addAll(BuiltInFilters.all());
        ProxyProcess.run("gateway", arguments, filters);
    }
}
