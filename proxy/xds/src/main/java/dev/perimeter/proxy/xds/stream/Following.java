package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import dev.perimeter.proxy.xds.source.ResourceSource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.world.LastGood;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration begins with.
 *
 * @param clusters where all clusters come from, or null when there are only those of the bootstrap
 * @param listeners where all listeners come from, or null when there are only those of the bootstrap
 * @param firstWaits how long it waits at most for the first answer about clusters or listeners, once there are listeners
 *     to serve without it (Envoy: {@code initial_fetch_timeout}); zero for as long as it takes, nothing for 15 s
 * @param fixed the resources of the bootstrap; none that comes later replaces one of them
 * @param lastGood where the last complete configuration is kept for a start without control plane, or null
 */
public record Following(
        @Nullable ResourceSource clusters,
        @Nullable ResourceSource listeners,
        Map<ResourceType, Duration> firstWaits,
        Map<ResourceType, List<Any>> fixed,
        @Nullable LastGood lastGood) {

    private static final Duration USUAL_WAIT = Duration.ofSeconds(15);

    /** Clusters and listeners by ADS, nothing in the bootstrap. */
    public static final Following ADS = new Following(ResourceSource.ADS, ResourceSource.ADS, Map.of(), Map.of(), null);

    Duration firstWait(ResourceType type) {
        return firstWaits.getOrDefault(type, USUAL_WAIT);
    }

    @Nullable
    ResourceSource of(ResourceType type) {
        return switch (type) {
            case CLUSTER -> clusters;
            case LISTENER -> listeners;
            default -> null;
        };
    }
}
