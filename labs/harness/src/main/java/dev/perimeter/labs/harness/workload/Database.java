package dev.perimeter.labs.harness.workload;

import java.util.Map;

/** The database of the shop, one process that all its services share; each has a schema owner of its own in it. */
public sealed interface Database permits H2Database, PostgresDatabase {
    /** Name of the process and of the service that leads to it. */
    String NAME = "database";

    /** Its IP. */
    String address();

    /** How it is started. */
    Launch launch();

    /**
     * What a service needs to reach it.
     *
     * @param schema the name of the service's own database
     */
    Map<String, String> environment(String schema);

    /** The database called {@code h2} or {@code postgres}. */
    static Database of(Surroundings surroundings) {
        return surroundings.settings().database().equals("postgres")
                ? new PostgresDatabase(surroundings)
                : new H2Database(surroundings);
    }
}
