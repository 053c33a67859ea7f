package dev.perimeter.proxy.xds.resource.http;

import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.failure.Failure;
import dev.perimeter.proxy.filter.Exchange;
import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.filter.Verdict;
import dev.perimeter.proxy.http.RequestHead;
import dev.perimeter.proxy.xds.resource.field.ConfigSources;
import dev.perimeter.proxy.xds.resource.field.DiscoveredFilters;
import dev.perimeter.proxy.xds.resource.field.Place;
import dev.perimeter.proxy.xds.source.Named;
import dev.perimeter.proxy.xds.source.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ExtensionConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import org.jspecify.annotations.Nullable;

/**
 * A filter whose config comes by ECDS. The listener is held back until it has come, unless it has a default that may serve
 * at once; what never comes is answered with 500, as in Envoy.
 */
public final class FilterDiscovery {

    static final FieldList FIELDS = FieldList.of(ExtensionConfigSource::getDescriptor)
            .inside(ExtensionConfigSource.CONFIG_SOURCE_FIELD_NUMBER, ConfigSources.FIELDS)
            .honoured(
                    ExtensionConfigSource.DEFAULT_CONFIG_FIELD_NUMBER,
                    ExtensionConfigSource.APPLY_DEFAULT_CONFIG_WITHOUT_WARMING_FIELD_NUMBER,
                    ExtensionConfigSource.TYPE_URLS_FIELD_NUMBER);

    /** Of a config that comes. */
    public static final FieldList DISCOVERED = FieldList.of(TypedExtensionConfig::getDescriptor)
            .honoured(TypedExtensionConfig.NAME_FIELD_NUMBER, TypedExtensionConfig.TYPED_CONFIG_FIELD_NUMBER);

    private static final dev.perimeter.proxy.filter.HttpFilter MISSING = new dev.perimeter.proxy.filter.HttpFilter() {
        @Override
        public Verdict onRequestHead(RequestHead head, boolean endOfStream, Exchange exchange) {
            return new Verdict.Reply(
                    new Failure.Refused(500, "filter_config_not_available", "a filter has no configuration yet", null));
        }
    };

    private FilterDiscovery() {}

    static @Nullable FilterFactory read(HttpFilter filter, FilterCatalogue catalogue, Place place) {
        ExtensionConfigSource source = filter.getConfigDiscovery();
        if (source.getTypeUrlsCount() == 0) {
            place.in("type_urls").refuse("must not be empty");
        }
        boolean hasDefault = source.hasDefaultConfig();
        if (source.getApplyDefaultConfigWithoutWarming() && !hasDefault) {
            place.in("apply_default_config_without_warming").refuse("needs a default_config");
        }
        if (!source.hasConfigSource()) {
            place.in("config_source").refuse("is missing");
            return null;
        }
        Named named = ConfigSources.reference(
                ResourceType.FILTER_CONFIG,
                filter.getName(),
                source.getConfigSource(),
                !source.getApplyDefaultConfigWithoutWarming(),
                place.in("config_source"));
        FilterFactory fallback = hasDefault
                ? catalogue.factory(source.getDefaultConfig(), false, place.in("default_config"))
                : () -> MISSING;
        DiscoveredFilters.Config found = place.discovered(named);
        return found == null || !source.getTypeUrlsList().contains(found.typeUrl()) ? fallback : found.factory();
    }

    /** Reads a config that came. */
    public static DiscoveredFilters.@Nullable Config discovered(
            TypedExtensionConfig config, FilterCatalogue catalogue, Place resource) {
        FilterFactory factory = catalogue.factory(config.getTypedConfig(), false, resource.in("typed_config"));
        return factory == null
                ? null
                : new DiscoveredFilters.Config(config.getTypedConfig().getTypeUrl(), factory);
    }
}
