package dev.perimeter.labs.harness.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the system says of a running process.
 *
 * @param name as {@code scripts/lab status} calls it
 * @param arguments its command line, the program itself left out
 * @param environment {@code NAME=value}, sorted
 * @param jarHash SHA-256 of the jar it was started from, 16 hex digits; empty when it was not started by {@code -jar}
 */
public record ProcessFacts(String name, long pid, List<String> arguments, List<String> environment, String jarHash) {

    /** Reads {@code /proc/PID}; empty when the process is gone. */
    public static Optional<ProcessFacts> read(String name, long pid) {
        try {
            List<String> command = split(Path.of("/proc/" + pid + "/cmdline"));
            List<String> environment = split(Path.of("/proc/" + pid + "/environ"));
            List<String> arguments = command.subList(Math.min(1, command.size()), command.size());
            int jar = arguments.indexOf("-jar");
            String hash = jar < 0 || jar + 1 >= arguments.size() ? "" : hash(Path.of(arguments.get(jar + 1)));
            return Optional.of(new ProcessFacts(
                    name,
                    pid,
                    List.copyOf(arguments),
                    environment.stream().sorted().toList(),
                    hash));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Arguments that this process has and the other has not. */
    public List<String> argumentsBeyond(ProcessFacts other) {
        TreeSet<String> mine = new TreeSet<>(arguments);
        other.arguments().forEach(mine::remove);
        return List.copyOf(mine);
    }

    /** Variables, with their values, that this process has and the other has not. */
    public List<String> environmentBeyond(ProcessFacts other) {
        TreeSet<String> mine = new TreeSet<>(environment);
        other.environment().forEach(mine::remove);
        return List.copyOf(mine);
    }

    private static List<String> split(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        return Arrays.stream(text.split("\0")).filter(part -> !part.isEmpty()).toList();
    }

    private static String hash(Path jar) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has SHA-256", impossible);
        }
    }
}
