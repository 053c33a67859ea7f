package dev.perimeter.proxy.xds.source;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What one resource says of another that it needs.
 *
 * @param awaited whether what needs it is held back until it is there
 * @param longestWait how long it is held back at most; zero for as long as it takes
 * @param path of the field that names it; computed when asked for
 */
public record Reference(Named to, boolean awaited, Duration longestWait, Supplier<String> path) {}
