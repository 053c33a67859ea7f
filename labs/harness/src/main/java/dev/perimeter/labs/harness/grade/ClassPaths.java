package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Jars and folders of classes that are built already.
 *
 * @param product the engine and what it stands on; all a subject's process sees besides itself
 * @param suite what checks are compiled against: the product and this harness
 */
public record ClassPaths(List<Path> product, List<Path> suite) {

    /** Those of a built clone. */
    public static ClassPaths of(Checkout checkout) {
        List<Path> product = jars(checkout.program(ProgramModule.SIDECAR));
        List<Path> suite = new ArrayList<>(product);
        suite.addAll(jars(checkout.program(ProgramModule.HARNESS)));
        return new ClassPaths(product, List.copyOf(suite));
    }

    /** The class path of this very process, for tests inside a build; folders of the lab itself are left out. */
    public static ClassPaths ofThisProcess(Path lab) {
        List<Path> all = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(path -> !path.toAbsolutePath().startsWith(lab.toAbsolutePath()))
                .toList();
        return new ClassPaths(all, all);
    }

    private static List<Path> jars(Program program) {
        if (!Files.isRegularFile(program.jar())) {
            throw new Refused(program.artifact() + " is not built; run scripts/lab up, which builds what is missing.");
        }
        List<Path> jars = new ArrayList<>(List.of(program.jar()));
        try (Stream<Path> libraries = Files.list(program.libraries())) {
            libraries.sorted().forEach(jars::add);
        } catch (IOException unreadable) {
            throw new Refused(
                    "%s cannot be read; run scripts/lab up, which builds what is missing."
                            .formatted(program.libraries()),
                    unreadable);
        }
        return jars;
    }
}
