package dev.perimeter.endtoend.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a clone as git sees them: tracked, or new and not ignored. Names are relative, with slashes. */
record Checkout(Path root, List<String> files) {

    /** The clone these tests stand in. */
    static Checkout ofThisProject() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("LICENSE"))) {
            root = root.getParent();
        }
        return new Checkout(root, gitFiles(root));
    }

    /** A folder that stands for a clone in which every file counts. */
    static Checkout ofFolder(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return new Checkout(
                    root,
                    files.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .toList());
        }
    }

    private static List<String> gitFiles(Path root) {
        try {
            Process git = new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (git.waitFor() != 0) {
                throw new IllegalStateException("git ls-files failed in " + root);
            }
            return Stream.of(output.split("\0"))
                    .filter(file -> Files.isRegularFile(root.resolve(file)))
                    .sorted()
                    .distinct()
                    .toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    Stream<String> javaFiles() {
        return files.stream().filter(file -> file.endsWith(".java") && file.contains("/src/"));
    }

    Stream<String> mainJavaFiles() {
        return javaFiles().filter(file -> file.contains("/src/main/java/"));
    }

    String text(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(file, failed);
        }
    }
}
