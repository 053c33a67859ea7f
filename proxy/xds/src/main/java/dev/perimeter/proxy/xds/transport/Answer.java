package dev.perimeter.proxy.xds.transport;

import com.google.protobuf.Any;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A discovery response of either variant.
 *
 * @param version of the response as a whole; in the delta variant it only serves people
 * @param removed names that are gone; in state of the world always empty, there what is left out is gone
 */
public record Answer(String typeUrl, String version, String nonce, List<Sent> resources, List<String> removed) {

    /**
     * A resource as it was sent.
     *
     * @param name beside the resource; empty when it came bare, its name is inside then
     * @param version its own, or that of the response
     * @param body null for a heartbeat, which only says that it lives on
     * @param ttl how long it lives without another word; null for ever
     */
    public record Sent(
            String name,
            String version,
            @Nullable Any body,
            @Nullable Duration ttl) {

        /** As state of the world sends most. */
        public static Sent bare(Any body, String version) {
            return new Sent("", version, body, null);
        }
    }

    public Answer {
        resources = List.copyOf(resources);
        removed = List.copyOf(removed);
    }
}
