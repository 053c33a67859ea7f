package dev.perimeter.proxy.xds.stream;

import com.google.protobuf.Any;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A response that was refused.
 *
 * @param version the refused one
 * @param sentence what the control plane was told
 * @param resource name of the resource at fault, or empty when it has none
 * @param raw the resource at fault, or null when the response as a whole is
 */
public record Rejection(
        String version,
        String sentence,
        Instant at,
        String resource,
        @Nullable Any raw) {}
