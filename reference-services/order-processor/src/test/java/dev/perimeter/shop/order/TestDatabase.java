package dev.perimeter.shop.order;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import org.h2.tools.Server;

/** A database server on a port of this machine that can be taken away and brought back with its data. */
interface TestDatabase extends AutoCloseable {

    /** The settings that lead a service to it. */
    String[] settings();

    /** Breaks every connection. */
    void stop();

    void start();

    @Override
    void close();

    static TestDatabase h2() {
        return new H2();
    }

    static TestDatabase postgres() {
        return new Postgres();
    }

    /** H2's own server process, as a thread of this one. */
    final class H2 implements TestDatabase {
        private final Path folder = temporaryFolder();
        private Server server = server("0");
        private final int port = server.getPort();

        @Override
        public String[] settings() {
            return new String[] {
                "--spring.datasource.url=jdbc:h2:tcp://127.0.0.1:%d/./test;WRITE_DELAY=0".formatted(port)
            };
        }

        @Override
        public void stop() {
            server.stop();
        }

        @Override
        public void start() {
            server = server(Integer.toString(port));
        }

        @Override
        public void close() {
            server.stop();
            delete(folder);
        }

        private Server server(String port) {
            try {
                return Server.createTcpServer("-tcpPort", port, "-ifNotExists", "-baseDir", folder.toString())
                        .start();
            } catch (SQLException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }

    /** A real PostgreSQL. */
    final class Postgres implements TestDatabase {
        private final Path folder = temporaryFolder();
        private EmbeddedPostgres server = server(0);
        private final int port = server.getPort();

        @Override
        public String[] settings() {
            return new String[] {
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port),
                "--spring.datasource.username=postgres"
            };
        }

        @Override
        public void stop() {
            try {
                server.close();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void start() {
            server = server(port);
        }

        @Override
        public void close() {
            stop();
            delete(folder);
        }

        private EmbeddedPostgres server(int port) {
            try {
                return EmbeddedPostgres.builder()
                        .setPort(port)
                        .setDataDirectory(folder.resolve("data"))
                        .setCleanDataDirectory(false)
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("perimeter-database");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
