package dev.perimeter.labs.harness.mesh;

import dev.perimeter.labs.harness.site.Checkout;
import dev.perimeter.labs.harness.site.Program;
import dev.perimeter.labs.harness.site.ProgramModule;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A clone with the real manifests, the real harness and a real H2, in which every other program is a {@link FakeProgram}.
 */
final class FakeCheckout {
    private final Checkout checkout;

    FakeCheckout(Path root) throws IOException {
        this.checkout = new Checkout(root);
        Files.createDirectories(root.resolve("scripts"));
        Files.createFile(root.resolve("scripts/lab"));
        for (Path manifests : Checkout.find().manifests()) {
            Path copy = root.resolve(Checkout.find().root().relativize(manifests));
            Files.createDirectories(copy);
            try (Stream<Path> files = Files.list(manifests)) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        for (ProgramModule module : ProgramModule.values()) {
            Program program = checkout.program(module);
            Files.createDirectories(program.libraries());
            Files.createDirectories(program.jvmOptions().getParent());
            Files.writeString(program.jvmOptions(), "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n-Xmx48m\n");
            jar(program.jar(), module == ProgramModule.HARNESS ? "" : FakeProgram.class.getName());
        }
        Path h2 = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar -> jar.getFileName().toString().startsWith("h2-"))
                .findFirst()
                .orElseThrow();
        Files.copy(h2, checkout.program(ProgramModule.PAYMENT).libraries().resolve(h2.getFileName()));
    }

    Checkout checkout() {
        return checkout;
    }

    /** Makes the program die at its start, or never be ready. */
    void fault(ProgramModule module, String fault) throws IOException {
        Files.writeString(checkout.program(module).jar().resolveSibling("fault"), fault);
    }

    void heal(ProgramModule module) throws IOException {
        Files.delete(checkout.program(module).jar().resolveSibling("fault"));
    }

    /** A jar that holds nothing but the way to the classes of this test run. */
    private static void jar(Path file, String main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!main.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main);
        }
        String path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" "));
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, path);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
    }
}
