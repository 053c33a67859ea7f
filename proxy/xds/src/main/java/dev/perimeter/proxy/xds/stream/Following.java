package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.world.LastGood;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration begins with.
 *
 * @param clusters where all clusters come from, or null when there are only those of the bootstrap
 * @param listeners where all listeners come from, or null when there are only those of the bootstrap
 * @param fixed the resources of the bootstrap; none that comes later replaces one of them
 * @param lastGood where the last complete configuration is kept for a start without control plane, or null
 */
public record Following(
        @Nullable ResourceSource clusters,
        @Nullable ResourceSource listeners,
        Map<ResourceType, List<Any>> fixed,
        @Nullable LastGood lastGood) {

    /** Clusters and listeners by ADS, nothing in the bootstrap. */
    public static final Following ADS = new Following(ResourceSource.ADS, ResourceSource.ADS, Map.of(), null);

    @Nullable
    ResourceSource of(ResourceType type) {
        return switch (type) {
            case CLUSTER -> clusters;
            case LISTENER -> listeners;
            default -> null;
        };
    }
}
