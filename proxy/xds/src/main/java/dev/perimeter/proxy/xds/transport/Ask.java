package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.source.ResourceType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request of one of the two variants of the protocol. */
public sealed interface Ask {

    ResourceType type();

    /** Nonce of the response this answers, empty if it answers none. */
    String nonce();

    /** Why the response is refused, or null. */
    @Nullable
    String error();

    /**
     * State of the world: {@code DiscoveryRequest}.
     *
     * @param version the last one accepted, empty if none
     * @param nonce of the last response, empty on the first request of a stream
     * @param names what is asked for; empty for all
     */
    record World(
            ResourceType type,
            String version,
            String nonce,
            List<String> names,
            @Nullable String error) implements Ask {}

    /**
     * Changes only: {@code DeltaDiscoveryRequest}.
     *
     * @param subscribe names asked for from now on; on the first request of a stream none means all
     * @param unsubscribe names not asked for any more
     * @param held on the first request of a stream: the version of each resource that is there already, by name
     */
    record Delta(
            ResourceType type,
            String nonce,
            List<String> subscribe,
            List<String> unsubscribe,
            Map<String, String> held,
            @Nullable String error)
            implements Ask {}
}
