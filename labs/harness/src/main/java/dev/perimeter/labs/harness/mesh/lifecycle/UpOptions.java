package dev.perimeter.labs.harness.mesh.lifecycle;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a mesh shall run.
 *
 * @param port of the gateway's door at 127.0.0.1
 * @param database {@code h2} or {@code postgres}; null for what runs already, else H2
 * @param bound how long it may take until an order has crossed
 * @param record folder to record ahead-of-time caches into; null to use those there are
 * @param tied whether the mesh ends with the process that started it, however that ends
 */
public record UpOptions(
        int port,
        @Nullable String database,
        Duration bound,
        @Nullable Path record,
        boolean tied) {
    /** The door everybody knows. */
    public static final int DEFAULT_PORT = 8080;

    private static final Duration BOUND = Duration.ofSeconds(120);

    /** A mesh that stays, unless it only records. */
    public UpOptions(int port, @Nullable String database, Duration bound, @Nullable Path record) {
        this(port, database, bound, record, record != null);
    }

    /** A mesh with its door at that port, and H2. */
    public static UpOptions at(int port) {
        return new UpOptions(port, null, BOUND, null);
    }

    /** The same with another database. */
    public UpOptions with(@Nullable String name) {
        return new UpOptions(port, name, bound, record, tied);
    }

    /** The same, for as long as this process lives. */
    public UpOptions tiedToThisProcess() {
        return new UpOptions(port, database, bound, record, true);
    }
}
