package dev.perimeter.proxy.xds.stream;

import dev.perimeter.proxy.xds.resource.Resource;
import java.time.Instant;

/**
 * A resource that was accepted.
 *
 * @param version of the response that last changed it
 */
public record Held<T>(Resource<T> resource, String version, Instant updated) {}
