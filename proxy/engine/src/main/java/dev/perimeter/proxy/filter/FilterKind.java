package dev.perimeter.proxy.filter;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One kind of HTTP filter, the extension point of the data plane: a line in a catalogue that {@code main()} hands to the
 * xDS client. Bytes go in and no protobuf type comes out, so the engine stays free of the wire format.
 */
public interface FilterKind {

    /** The type URL of the filter's typed config, e.g. {@code type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}. */
    String typeUrl();

    /** Reads the filter's config. Called on the control thread, once per listener update; never throws for bad input. */
    Parsed<FilterFactory> parse(ByteBuffer typedConfig);

    /** The type URLs of what a route, a virtual host or a route table may say of this filter. */
    default List<String> routeTypeUrls() {
        return List.of(typeUrl());
    }

    /** Reads one of the {@link #routeTypeUrls}. As it stands here, the filter's own config for a route takes the place of the chain's. */
    default Parsed<RouteOverride> parseForRoute(String typeUrl, ByteBuffer typedConfig) {
        return parse(typedConfig).map(factory -> before -> factory);
    }
}
