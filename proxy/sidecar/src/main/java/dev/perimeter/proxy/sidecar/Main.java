package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.filters.BuiltInFilters;

/** {@code sidecar --bootstrap FILE}. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        ProxyProcess.run("sidecar", arguments, BuiltInFilters.all());
    }
}
