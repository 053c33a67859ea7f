package dev.perimeter.proxy.xds.stream;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How following the control plane stands, at one moment. Immutable, for admin pages and readiness.
 *
 * @param target the control plane's address
 * @param connected whether the control plane has answered on the present stream
 * @param since when that became so
 * @param lost why there is no stream, or null
 * @param types what was accepted and refused, by type
 * @param waitingFor what the next configuration still needs, in words; empty when nothing
 * @param givenUp what was named, never came, and is taken as empty, in words
 * @param serving whether the engine has a configuration
 * @param problems what the engine could not do of it
 */
public record XdsStatus(
        String target,
        boolean connected,
        Instant since,
        @Nullable String lost,
        Map<ResourceType, TypeStatus> types,
        List<String> waitingFor,
        List<String> givenUp,
        boolean serving,
        List<String> problems) {

    /**
     * One type of resource.
     *
     * @param version the last accepted, empty if none
     * @param answered whether anything was accepted yet, if only an empty list
     * @param rejection the last refused response, or null if one was accepted since
     * @param accepted number of responses accepted so far
     * @param refused number of responses refused so far
     */
    public record TypeStatus(
            String version,
            boolean answered,
            Map<String, Held<?>> resources,
            @Nullable Rejection rejection,
            long accepted,
            long refused) {}
}
