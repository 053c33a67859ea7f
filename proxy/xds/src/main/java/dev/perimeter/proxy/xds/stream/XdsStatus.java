package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.resource.Resource;
import dev.perimeter.proxy.xds.source.ResourceType;
import dev.perimeter.proxy.xds.world.Held;
import dev.perimeter.proxy.xds.world.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How following the control plane stands, at one moment. Immutable, for admin pages and readiness.
 *
 * @param target the address of the control plane that listeners come from
 * @param connected whether that control plane has answered on the present stream
 * @param since when that became so
 * @param lost why there is no stream, or null
 * @param sources every place that resources come from
 * @param types what was accepted and refused, by type
 * @param waitingFor what the next configuration still needs, in words; empty when nothing
 * @param givenUp what was named, never came, and is taken as empty, in words
 * @param lastGood where the configuration in effect comes from when no control plane brought it yet, or null
 * @param serving whether the engine has a configuration
 * @param problems what the engine could not do of it
 */
public record XdsStatus(
        String target,
        boolean connected,
        Instant since,
        @Nullable String lost,
        List<SourceStatus> sources,
        Map<ResourceType, TypeStatus> types,
        List<String> waitingFor,
        List<String> givenUp,
        @Nullable String lastGood,
        boolean serving,
        List<String> problems) {

    /**
     * One place that resources come from.
     *
     * @param key empty for ADS
     */
    public record SourceStatus(
            String key,
            String target,
            boolean connected,
            Instant since,
            @Nullable String lost) {}

    /** What is known of a resource that was asked for and is not there. */
    public enum Absence {
        REQUESTED,
        DOES_NOT_EXIST
    }

    /**
     * One type of resource.
     *
     * @param version the last accepted, empty if none
     * @param answered whether anything was accepted yet, if only an empty list
     * @param fixed those of the bootstrap, by name
     * @param resources those accepted, by the name the engine knows them by
     * @param rejections those refused and not mended since, by that name; what has no name stands under the empty one
     * @param absent those asked for and not there
     * @param accepted number of responses accepted so far
     * @param refused number of responses refused so far
     */
    public record TypeStatus(
            String version,
            boolean answered,
            Map<String, Resource<?>> fixed,
            Map<String, Held<?>> resources,
            Map<String, Rejection> rejections,
            Map<String, Absence> absent,
            long accepted,
            long refused) {

        /** The first of those refused, or null. */
        public @Nullable Rejection rejection() {
            return rejections.isEmpty() ? null : rejections.values().iterator().next();
        }

        boolean isEmpty() {
            return fixed.isEmpty() && resources.isEmpty();
        }
    }
}
