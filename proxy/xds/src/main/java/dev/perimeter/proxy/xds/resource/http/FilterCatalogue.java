package dev.perimeter.proxy.xds.resource.http;

import com.google.protobuf.Any;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.snapshot.HttpManagerConfig.NamedFilter;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
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
                    HttpFilter.IS_OPTIONAL_FIELD_NUMBER);

    private static final String ROUTER = "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";

    private final Map<String, FilterKind> kinds = new TreeMap<>();

    public FilterCatalogue(List<FilterKind> kinds) {
        kinds.forEach(kind -> this.kinds.put(kind.typeUrl(), kind));
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
            FilterFactory factory = factory(filter.getTypedConfig(), filter.getIsOptional(), place.in("typed_config"));
            if (factory != null) {
                chain.add(new NamedFilter(filter.getName(), factory));
            }
        }
        if (filters.isEmpty()) {
            manager.in("http_filters").refuse("must not be empty; the last filter must be the router");
        }
        return List.copyOf(chain);
    }

    /** Reads configs that stand on a route or virtual host, by the name of the filter they are for. */
    Map<String, FilterFactory> perRoute(Map<String, Any> configs, Place place) {
        Map<String, FilterFactory> factories = new TreeMap<>();
        new TreeMap<>(configs).forEach((name, config) -> {
            FilterFactory factory = factory(config, false, place.in("typed_per_filter_config[" + name + "]"));
            if (factory != null) {
                factories.put(name, factory);
            }
        });
        return factories;
    }

    private @Nullable FilterFactory factory(Any config, boolean optional, Place place) {
        FilterKind kind = kinds.get(config.getTypeUrl());
        if (kind == null) {
            if (optional) {
                place.harmless();
            } else if (config.getTypeUrl().isEmpty()) {
                place.refuse("is missing");
            } else {
                place.refuse("no filter here reads `" + config.getTypeUrl() + "`; known are " + kinds.keySet());
            }
            return null;
        }
        return switch (kind.parse(config.getValue().asReadOnlyByteBuffer())) {
            case Parsed.Ok<FilterFactory>(FilterFactory factory) -> factory;
            case Parsed.Bad<FilterFactory>(String path, String reason) -> {
                place.refuse(path, reason);
                yield null;
            }
        };
    }
}
