package dev.perimeter.proxy.xds.resource.listener;

import com.google.protobuf.BoolValue;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.snapshot.ConnectionLimit;
import dev.perimeter.proxy.xds.resource.field.Amounts;
import dev.perimeter.proxy.xds.resource.field.Messages;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.core.v3.RuntimeFeatureFlag;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Envoy's {@code connection_limit}, the one network filter that may stand before the last. */
public final class ConnectionLimitReader {

    public static final String TYPE_URL =
            "type.googleapis.com/envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit";

    public static final FieldList FIELDS = FieldList.of(
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit::getDescriptor)
            .honoured(
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                            .STAT_PREFIX_FIELD_NUMBER,
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                            .MAX_CONNECTIONS_FIELD_NUMBER,
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                            .DELAY_FIELD_NUMBER)
            .inside(
                    io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit
                            .RUNTIME_ENABLED_FIELD_NUMBER,
                    FieldList.of(RuntimeFeatureFlag::getDescriptor)
                            .inside(
                                    RuntimeFeatureFlag.DEFAULT_VALUE_FIELD_NUMBER,
                                    FieldList.of(BoolValue::getDescriptor).honoured(BoolValue.VALUE_FIELD_NUMBER))
                            // There is no runtime that could overrule the default.
                            .harmless(RuntimeFeatureFlag.RUNTIME_KEY_FIELD_NUMBER));

    private ConnectionLimitReader() {}

    /** The limit; null when it is refused or switched off. */
    static @Nullable ConnectionLimit read(Filter filter, Place place) {
        String type = filter.getTypedConfig().getTypeUrl();
        if (!type.equals(TYPE_URL)) {
            place.refuse("`" + type + "` may not stand here; before the last filter may be only " + TYPE_URL);
            return null;
        }
        var limit = Messages.read(
                filter.getTypedConfig(),
                io.envoyproxy.envoy.extensions.filters.network.connection_limit.v3.ConnectionLimit.parser(),
                FIELDS,
                place);
        if (limit == null) {
            return null;
        }
        Names.required(limit.getStatPrefix(), place.in("stat_prefix"));
        long most = limit.getMaxConnections().getValue();
        if (most < 1) {
            place.in("max_connections").refuse("must be 1 or more");
        }
        boolean off = limit.hasRuntimeEnabled()
                && !limit.getRuntimeEnabled().getDefaultValue().getValue();
        Duration delay = Amounts.notNegative(limit.getDelay(), place.in("delay"));
        return off ? null : new ConnectionLimit(limit.getStatPrefix(), most, delay);
    }
}
