package dev.perimeter.labs.harness.site;

import dev.perimeter.labs.harness.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that holds a mesh's state: {@code .lab/} in the clone, or where {@code LAB_HOME} points.
 *
 * @param folder absolute
 */
public record LabHome(Path folder) {
    /** Environment variable that moves the folder. */
    public static final String VARIABLE = "LAB_HOME";

    public LabHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /** Where {@code LAB_HOME} points, else {@code .lab} in the clone. */
    public static LabHome of(Checkout checkout) {
        String moved = System.getenv(VARIABLE);
        return new LabHome(moved == null || moved.isBlank() ? checkout.root().resolve(".lab") : Path.of(moved));
    }

    /** What the control plane watches: {@code <namespace>/<Kind>/<name>.yaml}. */
    public Path resources() {
        return folder.resolve("resources");
    }

    /** What was last accepted of the resources: a folder for each process that follows them. */
    public Path lastGood() {
        return folder.resolve("last-good");
    }

    /** The bootstrap file of each proxy. */
    public Path bootstrap() {
        return folder.resolve("bootstrap");
    }

    /** What the database and the commands keep. */
    public Path data() {
        return folder.resolve("data");
    }

    public Path logs() {
        return folder.resolve("logs");
    }

    /** Which processes run. */
    public Path runFile() {
        return folder.resolve("run.json");
    }

    /** The names of the mesh, for {@code jdk.net.hosts.file}. */
    public Path hosts() {
        return folder.resolve("hosts");
    }

    /** A learner's own files and progress; nothing here but the lab commands ever touches it. */
    public Path learner() {
        return folder.resolve("learner");
    }

    /**
     * Makes the folders and proves that files can be written.
     *
     * @throws Refused if they cannot
     */
    public void prepare() {
        try {
            for (Path each : List.of(folder, resources(), lastGood(), bootstrap(), data(), logs())) {
                Files.createDirectories(each);
                Files.delete(Files.createTempFile(each, ".write", ""));
            }
        } catch (IOException e) {
            throw new Refused(
                    "%s cannot be written; make it writable or set LAB_HOME to a folder that is.".formatted(folder), e);
        }
    }
}
