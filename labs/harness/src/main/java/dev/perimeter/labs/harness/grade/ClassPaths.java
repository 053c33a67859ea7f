package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.lab.Challenge;
import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Jars and folders of classes that are built already.
 *
 * @param product the engine and what it stands on: what a submission is compiled against, so that a forbidden name can be
 *     told apart from a wrong one
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

    /**
     * What a learner's class is run with: the interface it implements, copied out of the product, and the libraries the
     * lab names. Nothing else of the product is in that process, so nothing else can be found there.
     *
     * @param into an empty folder for the copies
     */
    public List<Path> besides(Challenge challenge, Path into) {
        String contract = challenge.contract().replace('.', '/');
        String folder = contract.substring(0, contract.lastIndexOf('/'));
        Predicate<String> wanted = name ->
                name.equals(contract + ".class") || (name.startsWith(contract + "$") && name.endsWith(".class"));
        product.forEach(entry -> copy(entry, folder, wanted, into));
        List<Path> besides = new ArrayList<>(List.of(into));
        product.stream()
                .filter(jar -> challenge.libraries().stream()
                        .anyMatch(name -> jar.getFileName().toString().startsWith(name + "-")))
                .forEach(besides::add);
        return List.copyOf(besides);
    }

    private static void copy(Path entry, String folder, Predicate<String> wanted, Path into) {
        try {
            if (Files.isDirectory(entry)) {
                copyFrom(entry, folder, wanted, into);
            } else if (entry.toString().endsWith(".jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(entry)) {
                    copyFrom(jar.getPath("/"), folder, wanted, into);
                }
            }
        } catch (IOException unusable) {
            throw new UncheckedIOException(unusable);
        }
    }

    private static void copyFrom(Path root, String folder, Predicate<String> wanted, Path into) throws IOException {
        if (!Files.isDirectory(root.resolve(folder))) {
            return;
        }
        Files.createDirectories(into.resolve(folder));
        try (Stream<Path> files = Files.list(root.resolve(folder))) {
            for (Path file : files.toList()) {
                String name = root.relativize(file).toString();
                if (wanted.test(name)) {
                    Path copy = into.resolve(name);
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
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
