package dev.perimeter.proxy.xds.world;

import com.google.protobuf.Any;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A resource that was refused.
 *
 * @param version of the response it came with
 * @param sentence what the control plane was told of it
 * @param resource its name, or empty when it has none
 * @param raw as it came, or null when nothing could be read
 */
public record Rejection(
        String version,
        String sentence,
        Instant at,
        String resource,
        @Nullable Any raw) {}
