package dev.perimeter.labs.harness.site;

import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One built program: a thin jar, its libraries beside it, its JVM options in the sources, and perhaps an ahead-of-time
 * cache (JEP 483, JEP 514) that lets it start without loading and linking its classes afresh.
 */
public record Program(Path module, String artifact) {
    public Path jar() {
        return module.resolve("target").resolve(artifact + ".jar");
    }

    public Path libraries() {
        return module.resolve("target/lib");
    }

    public Path jvmOptions() {
        return module.resolve("src/main/launch/jvm.options");
    }

    public Path cache() {
        return module.resolve("target").resolve(artifact + ".aot");
    }

    /**
     * The one library whose file name starts with {@code prefix}.
     *
     * @throws Refused if it is not there
     */
    public Path library(String prefix) {
        try (Stream<Path> jars = Files.list(libraries())) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith(prefix))
                    .findFirst()
                    .orElseThrow(() -> new Refused("There is no " + prefix + "*.jar in " + libraries() + "; run "
                            + "scripts/lab up, which builds what is missing."));
        } catch (IOException e) {
            throw new Refused(
                    "%s is not built; run scripts/lab up, which builds what is missing.".formatted(artifact), e);
        }
    }

    /** Whether a cache is there that was recorded from just these jars; the JVM refuses one that was not. */
    public boolean hasFreshCache() {
        try {
            FileTime recorded = Files.getLastModifiedTime(cache());
            for (Path jar : classPath()) {
                if (Files.getLastModifiedTime(jar).compareTo(recorded) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private List<Path> classPath() throws IOException {
        List<Path> jars = new ArrayList<>(List.of(jar()));
        try (Stream<Path> files = Files.list(libraries())) {
            files.forEach(jars::add);
        }
        return jars;
    }
}
