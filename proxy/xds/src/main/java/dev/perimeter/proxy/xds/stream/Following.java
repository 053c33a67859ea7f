package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration begins with.
 *
 * @param clusters where all clusters come from, or null when there are only those of the bootstrap
 * @param listeners where all listeners come from, or null when there are only those of the bootstrap
 * @param fixed the resources of the bootstrap; none that comes later replaces one of them
 */
public record Following(
        @Nullable ResourceSource clusters, @Nullable ResourceSource listeners, Map<ResourceType, List<Any>> fixed) {

    /** Clusters and listeners by ADS, nothing in the bootstrap. */
    public static final Following ADS = new Following(ResourceSource.ADS, ResourceSource.ADS, Map.of());

    @Nullable
    ResourceSource of(ResourceType type) {
        return switch (type) {
            case CLUSTER -> clusters;
            case LISTENER -> listeners;
            default -> null;
        };
    }
}
