package dev.perimeter.labs.harness.workload;

import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * H2 in a process of its own. {@code WRITE_DELAY=0} makes a commit reach the file before it is answered; with H2's
 * default an acknowledged order can be lost when the process is killed.
 */
record H2Database(Surroundings surroundings) implements Database {
    private static final int PORT = 9092;

    @Override
    public String address() {
        return surroundings.site().podIp(Plan.DATABASE_NUMBER);
    }

    @Override
    public Launch launch() {
        Path files = surroundings.home().data().resolve("h2");
        Path jar = surroundings.checkout().program(ProgramModule.PAYMENT).library("h2-");
        List<String> command = List.of(
                surroundings.java().toString(),
                Surroundings.ownMark(surroundings.home()),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx64m",
                "-Dh2.bindAddress=" + address(),
                "-cp",
                jar.toString(),
                "org.h2.tools.Server",
                "-tcp",
                "-tcpAllowOthers",
                "-ifNotExists",
                "-tcpPort",
                Integer.toString(PORT),
                "-baseDir",
                files.toString());
        return new Launch(
                NAME,
                Role.DATABASE,
                address() + ":" + PORT,
                command,
                List.of(),
                Surroundings.environment(Map.of()),
                surroundings.log(NAME),
                null,
                Probe.tcp(address(), PORT),
                List.of(),
                // H2 makes the folder for the first to connect, and fails the second who comes meanwhile.
                () -> Files.createDirectories(files));
    }

    @Override
    public Map<String, String> environment(String schema) {
        return Map.of(
                "SPRING_DATASOURCE_URL",
                "jdbc:h2:tcp://%s:%d/./%s;WRITE_DELAY=0".formatted(NAME, PORT, schema),
                "SPRING_DATASOURCE_USERNAME",
                "sa",
                "SPRING_DATASOURCE_PASSWORD",
                "");
    }
}
