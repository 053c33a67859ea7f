package dev.perimeter.proxy.xds.transport;

import dev.perimeter.proxy.xds.stream.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A discovery request.
 *
 * @param version the last one accepted, empty if none
 * @param nonce of the response this answers, empty on the first request of a stream
 * @param names what is asked for; empty for all
 * @param error why the response is refused, or null
 */
public record Ask(
        ResourceType type,
        String version,
        String nonce,
        List<String> names,
        @Nullable String error) {}
