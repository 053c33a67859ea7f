package dev.perimeter.proxy.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of this build in a JVM of its own, with the class path of the test. Dies with {@link #close}. */
public final class ChildJvm implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Path output;
    private final Path errors;
    private final Process process;

    private ChildJvm(List<String> command) throws IOException {
        output = Files.createTempFile("child", ".out");
        errors = Files.createTempFile("child", ".err");
        process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }

    /**
     * @param options of the JVM
     * @param main fully qualified
     */
    public static ChildJvm start(List<String> options, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(List.of(arguments));
        try {
            return new ChildJvm(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test runner may have a class path of its own and load the tests' by a loader. */
    private static String classPath() {
        if (ChildJvm.class.getClassLoader() instanceof URLClassLoader loader) {
            List<String> entries = new ArrayList<>();
            for (URL url : loader.getURLs()) {
                entries.add(Path.of(url.getPath()).toString());
            }
            return String.join(System.getProperty("path.separator"), entries);
        }
        return System.getProperty("java.class.path");
    }

    public Process process() {
        return process;
    }

    /** What it wrote to its standard output so far. */
    public String output() {
        return text(output);
    }

    /** What it wrote to its standard error so far. */
    public String errors() {
        return text(errors);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until its standard error holds a match, and answers the first group. */
    public String awaitError(Pattern pattern) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            String text = errors();
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                return matcher.groupCount() == 0 ? matcher.group() : String.valueOf(matcher.group(1));
            }
            if (!alive || System.nanoTime() > end) {
                throw new AssertionError("no " + pattern + (alive ? " so far" : " before the end") + " in:\n" + text);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Its exit code; an error when it does not end within a reasonable time. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still there after " + PATIENCE.toSeconds() + " s:\n" + errors());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
