package dev.perimeter.controlplane.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every object has.
 *
 * @param key its kind, namespace and name
 * @param labels as written
 * @param created when the API server made it; null for files, and older than nothing then
 * @param file where it was read, as the reader was given it
 * @param line the line of the file it starts at, from 1
 */
public record Meta(
        ObjectKey key, Map<String, String> labels, @Nullable Instant created, String file, int line) {
    public Meta {
        labels = Map.copyOf(labels);
    }

    public String namespace() {
        return key.namespace();
    }

    public String name() {
        return key.name();
    }
}
