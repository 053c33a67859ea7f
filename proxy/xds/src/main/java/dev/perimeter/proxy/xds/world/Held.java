package dev.perimeter.proxy.xds.world;

import dev.perimeter.proxy.xds.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource that was accepted.
 *
 * @param version of the resource, or of the response that last changed it
 * @param expires when it is gone unless it is sent again, or null
 */
public record Held<T>(
        Resource<T> resource,
        String version,
        Instant updated,
        @Nullable Instant expires) {

    Held<T> until(@Nullable Instant end) {
        return new Held<>(resource, version, updated, end);
    }
}
