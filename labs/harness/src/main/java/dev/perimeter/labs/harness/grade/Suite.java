package dev.perimeter.labs.harness.grade;

import dev.perimeter.labs.harness.lab.LabManifest;
import dev.perimeter.labs.harness.submission.SubmissionCompiler;
import dev.perimeter.labs.harness.vocabulary.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The checks of a lab, compiled from its sources: the public ones, and the hidden ones where the edition has them. They go
 * into folders of their own, so that a subject's process can be given the public host without the hidden checks.
 */
public final class Suite implements AutoCloseable {

    private final Path open;
    private final URLClassLoader loader;
    private final List<Class<?>> checks;

    private Suite(Path open, URLClassLoader loader, List<Class<?>> checks) {
        this.open = open;
        this.loader = loader;
        this.checks = List.copyOf(checks);
    }

    /**
     * Compiles and loads the suite of a lab. Sources named {@code *Test.java} are proofs about the suite, for the build.
     *
     * @throws IllegalStateException when the lab's own sources do not compile: a fault of the lab
     */
    public static Suite compile(LabManifest lab, ClassPaths paths, Path scratch) {
        Path open = scratch.resolve("public");
        Path closed = scratch.resolve("hidden");
        List<Path> classPath = new ArrayList<>(paths.suite());
        build(sources(lab.suite()), classPath, open);
        classPath.addFirst(open);
        build(sources(lab.instructor().resolve("hidden")), classPath, closed);
        try {
            URLClassLoader loader = new OwnFirst(
                    new URL[] {open.toUri().toURL(), closed.toUri().toURL()}, Suite.class.getClassLoader());
            List<Class<?>> checks = new ArrayList<>(checks(open, loader));
            checks.addAll(checks(closed, loader));
            return new Suite(open, loader, checks);
        } catch (MalformedURLException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void build(List<Path> sources, List<Path> classPath, Path into) {
        if (sources.isEmpty()) {
            return;
        }
        List<String> errors = SubmissionCompiler.compile(sources, classPath, into);
        if (!errors.isEmpty()) {
            throw new IllegalStateException("the checks of the lab do not compile: " + String.join("; ", errors));
        }
    }

    private static List<Path> sources(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().endsWith("Test.java"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<Class<?>> checks(Path folder, ClassLoader loader) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            List<Class<?>> found = new ArrayList<>();
            for (Path file : files.filter(each -> each.toString().endsWith("Checks.class"))
                    .sorted()
                    .toList()) {
                String name =
                        folder.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                Class<?> type = loader.loadClass(name);
                if (type.isAnnotationPresent(Lab.class)) {
                    found.add(type);
                }
            }
            return found;
        } catch (IOException | ClassNotFoundException unreadable) {
            throw new IllegalStateException("the checks of the lab cannot be loaded", unreadable);
        }
    }

    /** Classes of checks, public ones first. */
    public List<Class<?>> checks() {
        return checks;
    }

    /** The public classes, for a subject's process. */
    public Path open() {
        return open;
    }

    /** An instance of a class of the suite, made by its constructor without arguments. */
    public <T> T make(String className, Class<T> type) {
        try {
            return type.cast(
                    loader.loadClass(className).getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException | ClassCastException wrong) {
            throw new IllegalStateException(className + " is no " + type.getSimpleName() + " of this lab", wrong);
        }
    }

    /** Prefers the classes it was made for: in a build the same ones stand on the class path of the tests, too. */
    private static final class OwnFirst extends URLClassLoader {

        OwnFirst(URL[] folders, ClassLoader parent) {
            super("checks", folders, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return findResource(name.replace('.', '/') + ".class") == null
                        ? super.loadClass(name, resolve)
                        : findClass(name);
            }
        }
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException unimportant) {
            throw new UncheckedIOException(unimportant);
        }
    }
}
