package dev.perimeter.labs.harness.evidence;

import dev.perimeter.labs.harness.site.LabHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A warning or worse in the log of a process of the mesh, Netty's reports of leaked buffers among them.
 *
 * @param log file name of the log
 */
public record Alarm(String log, String line) {

    /** A level where slf4j-simple, Spring's logback and the JDK's logging write theirs. */
    private static final Pattern LEVEL =
            Pattern.compile("^(\\S+ )?(\\[[^]]*] )?(WARN|ERROR) .*|^\\S+ +(WARN|ERROR) \\d+ .*|^(WARNING|SEVERE): .*"
                    + "|.*\\bLEAK: .*|^Exception in thread .*");

    /** All of a mesh, running or not, log by log. Access logs are left out. */
    public static List<Alarm> of(LabHome home) {
        try (Stream<Path> files = Files.list(home.logs())) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .flatMap(file -> in(file).stream())
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Alarm> in(Path file) {
        try {
            // A killed process may leave half a character behind.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> LEVEL.matcher(line).matches())
                    .map(line -> new Alarm(file.getFileName().toString(), line))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public String toString() {
        return log + ": " + line;
    }
}
