package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.filter.RouteFilter;
import dev.perimeter.proxy.filter.RouteOverride;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The filters this process has, by the type of their config, and the chains made of them. */
public final class FilterCatalogue {

    static final FieldList FIELDS = FieldList.of(HttpFilter::getDescriptor)
            .honoured(
                    HttpFilter.NAME_FIELD_NUMBER,
                    HttpFilter.TYPED_CONFIG_FIELD_NUMBER,
                    HttpFilter.IS_OPTIONAL_FIELD_NUMBER,
                    HttpFilter.DISABLED_FIELD_NUMBER)
            .inside(HttpFilter.CONFIG_DISCOVERY_FIELD_NUMBER, FilterDiscovery.FIELDS);

    private static final FieldList ROUTE_CONFIG = FieldList.of(FilterConfig::getDescriptor)
            .honoured(
                    FilterConfig.CONFIG_FIELD_NUMBER,
                    FilterConfig.IS_OPTIONAL_FIELD_NUMBER,
                    FilterConfig.DISABLED_FIELD_NUMBER);

    private static final String ROUTE_CONFIG_TYPE = "type.googleapis.com/envoy.config.route.v3.FilterConfig";

    private static final String ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

    private final Map<String, FilterKind> kinds = new TreeMap<>();
    private final Map<String, FilterKind> routeKinds = new TreeMap<>();

    public FilterCatalogue(List<FilterKind> kinds) {
        for (FilterKind kind : kinds) {
            this.kinds.put(kind.typeUrl(), kind);
            kind.routeTypeUrls().forEach(url -> routeKinds.put(url, kind));
        }
    }

    /** Reads a chain; its last filter must be the router, and only the last. */
    List<NamedFilter> chain(List<HttpFilter> filters, Place manager) {
        List<NamedFilter> chain = new ArrayList<>(filters.size());
        Names names = new Names("filter");
        for (int i = 0; i < filters.size(); i++) {
            HttpFilter filter = filters.get(i);
            Place place = manager.in("http_filters", i);
            names.unique(filter.getName(), place.in("name"));
            boolean last = i == filters.size() - 1;
            if (filter.getTypedConfig().getTypeUrl().equals(ROUTER) != last) {
                place.refuse(last ? "the last filter must be the router" : "the router must be the last filter");
            }
            FilterFactory factory = filter.hasConfigDiscovery()
                    ? FilterDiscovery.read(filter, this, place.in("config_discovery"))
                    : factory(filter.getTypedConfig(), filter.getIsOptional(), place.in("typed_config"));
            if (last && filter.getDisabled()) {
                place.in("disabled").refuse("the router cannot be left out");
            }
            if (factory != null) {
                chain.add(new NamedFilter(filter.getName(), factory, filter.getDisabled()));
            }
        }
        if (filters.isEmpty()) {
            manager.in("http_filters").refuse("must not be empty; the last filter must be the router");
        }
        return List.copyOf(chain);
    }

    /**
     * Reads what one level of the routing says of filters, by the name of the filter it is for.
     *
     * @param outer what the levels outside say
     */
    Map<String, RouteFilter> perRoute(Map<String, RouteFilter> outer, Map<String, Any> configs, Place place) {
        if (configs.isEmpty()) {
            return outer;
        }
        Map<String, RouteFilter> merged = new HashMap<>(outer);
        new TreeMap<>(configs).forEach((name, config) -> {
            RouteFilter here = forRoute(config, place.in("typed_per_filter_config[" + name + "]"));
            if (here != null) {
                merged.merge(name, here, (before, own) -> own.within(before));
            }
        });
        return Map.copyOf(merged);
    }

    private @Nullable RouteFilter forRoute(Any config, Place place) {
        if (!config.getTypeUrl().equals(ROUTE_CONFIG_TYPE)) {
            RouteOverride override = override(config, false, place);
            return override == null ? null : new RouteFilter(List.of(override), false);
        }
        FilterConfig wrapped = Messages.read(config, FilterConfig.parser(), ROUTE_CONFIG, place);
        if (wrapped == null) {
            return null;
        }
        if (!wrapped.hasConfig()) {
            return new RouteFilter(List.of(), wrapped.getDisabled());
        }
        RouteOverride override = override(wrapped.getConfig(), wrapped.getIsOptional(), place.in("config"));
        return override == null && !wrapped.getDisabled()
                ? null
                : new RouteFilter(override == null ? List.of() : List.of(override), wrapped.getDisabled());
    }

    private @Nullable RouteOverride override(Any config, boolean optional, Place place) {
        FilterKind kind = known(routeKinds, config.getTypeUrl(), optional, place);
        return kind == null
                ? null
                : value(
                        kind.parseForRoute(
                                config.getTypeUrl(), config.getValue().asReadOnlyByteBuffer()),
                        place);
    }

    /** Reads the config of one filter wherever it came from; null where it was refused, or is not known and optional. */
    public @Nullable FilterFactory factory(Any config, boolean optional, Place place) {
        FilterKind kind = known(kinds, config.getTypeUrl(), optional, place);
        return kind == null ? null : value(kind.parse(config.getValue().asReadOnlyByteBuffer()), place);
    }

    private static @Nullable FilterKind known(
            Map<String, FilterKind> kinds, String typeUrl, boolean optional, Place place) {
        FilterKind kind = kinds.get(typeUrl);
        if (kind == null) {
            if (optional) {
                place.harmless();
            } else if (typeUrl.isEmpty()) {
                place.refuse("is missing");
            } else {
                place.refuse("no filter here reads `" + typeUrl + "`; known are " + kinds.keySet());
            }
        }
        return kind;
    }

    private static <T> @Nullable T value(Parsed<T> parsed, Place place) {
        return switch (parsed) {
            case Parsed.Ok<T>(T value) -> value;
            case Parsed.Bad<T>(String path, String reason) -> {
                place.refuse(path, reason);
                yield null;
            }
        };
    }
}
