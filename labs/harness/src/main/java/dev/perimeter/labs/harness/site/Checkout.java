package dev.perimeter.labs.harness.site;

import dev.perimeter.labs.harness.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clone of this project whose jars and manifests are used.
 *
 * @param root its top folder, absolute
 */
public record Checkout(Path root) {
    /** System property the launcher sets to the top folder. */
    public static final String ROOT_PROPERTY = "perimeter.root";

    /**
     * The clone named by the system property {@value #ROOT_PROPERTY}, else the one that holds the working directory.
     *
     * @throws Refused if there is none
     */
    public static Checkout find() {
        String named = System.getProperty(ROOT_PROPERTY);
        for (Path folder = Path.of(named == null ? "" : named).toAbsolutePath(); folder != null; ) {
            if (Files.exists(folder.resolve("scripts/lab"))) {
                return new Checkout(folder);
            }
            @Nullable Path above = folder.getParent();
            folder = above;
        }
        throw new Refused("This is not inside a clone of the project; change into it and run scripts/lab there.");
    }

    /** The folders of the manifests a mesh starts with: the mesh's own, then the shop's. */
    public List<Path> manifests() {
        return List.of(root.resolve("control-plane/manifests"), root.resolve("reference-services/manifests"));
    }

    /** The program built in this clone. */
    public Program program(ProgramModule module) {
        return new Program(root.resolve(module.folder()), module.artifact());
    }
}
