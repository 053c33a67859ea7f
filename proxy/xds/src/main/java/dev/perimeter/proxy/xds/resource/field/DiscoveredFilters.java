package dev.perimeter.proxy.xds.resource.field;

import dev.perimeter.proxy.filter.FilterFactory;
import dev.perimeter.proxy.xds.source.Named;
import org.jspecify.annotations.Nullable;

/** The filters whose config comes by ECDS, as far as they have come. */
@FunctionalInterface
public interface DiscoveredFilters {

    /** None have come. */
    DiscoveredFilters NONE = named -> null;

    @Nullable
    Config find(Named named);

    /** @param typeUrl of the config that came */
    record Config(String typeUrl, FilterFactory factory) {}
}
