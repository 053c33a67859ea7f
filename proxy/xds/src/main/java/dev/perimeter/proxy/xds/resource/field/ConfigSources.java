package dev.perimeter.proxy.xds.resource.field;

import dev.perimeter.controlplane.contract.fields.FieldList;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/** Where a named resource comes from: for this proxy always the one ADS stream. */
public final class ConfigSources {

    public static final FieldList FIELDS = FieldList.of(ConfigSource::getDescriptor)
            .honoured(
                    ConfigSource.ADS_FIELD_NUMBER,
                    ConfigSource.SELF_FIELD_NUMBER,
                    ConfigSource.RESOURCE_API_VERSION_FIELD_NUMBER)
            // One bound holds for all first fetches (see the stream's warming), so a single source cannot set it.
            .harmless(ConfigSource.INITIAL_FETCH_TIMEOUT_FIELD_NUMBER);

    private ConfigSources() {}

    public static void read(ConfigSource source, Place place) {
        if (!source.hasAds() && !source.hasSelf()) {
            place.refuse("must be `ads` (or `self`, which is the same here)");
        }
        if (source.getResourceApiVersionValue() != ApiVersion.V3_VALUE
                && source.getResourceApiVersionValue() != ApiVersion.AUTO_VALUE) {
            place.in("resource_api_version").refuse("must be V3");
        }
    }
}
