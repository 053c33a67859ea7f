package dev.perimeter.labs.harness.workload;

import dev.perimeter.labs.harness.process.Probe;
import dev.perimeter.labs.harness.run.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One process there shall be, before it runs.
 *
 * @param command the command line without what only makes it faster
 * @param fast options that only make it faster (ahead-of-time caches); they stand right after the first word
 * @param environment the whole environment: nothing of the shell's reaches a process of the mesh
 * @param log standard error, and standard output unless {@code accessLog} takes that
 * @param accessLog standard output of a proxy; null for others
 * @param after names of the processes that must be ready before it is worth starting
 * @param preparation a command that must have ended well before the first start; null if there is none
 */
public record Launch(
        String name,
        Role role,
        String address,
        List<String> command,
        List<String> fast,
        Map<String, String> environment,
        Path log,
        @Nullable Path accessLog,
        Probe probe,
        List<String> after,
        @Nullable Preparation preparation) {

    /** Work of the local node before a process can start, such as unpacking a database. Runs off its main thread. */
    public interface Preparation {
        /**
         * Does the work; harmless when it is done already.
         *
         * @throws java.io.IOException if it cannot be done
         * @throws InterruptedException if the node stops meanwhile
         */
        void run() throws java.io.IOException, InterruptedException;
    }

    public Launch {
        command = List.copyOf(command);
        fast = List.copyOf(fast);
        environment = Map.copyOf(environment);
        after = List.copyOf(after);
    }

    /** The whole command line. */
    public List<String> commandLine() {
        return java.util.stream.Stream.of(command.subList(0, 1), fast, command.subList(1, command.size()))
                .flatMap(List::stream)
                .toList();
    }

    /** A digest of what makes the process what it is; a running one with another digest follows an older wish. */
    public String digest() {
        try {
            String whole = command + "\n" + new TreeMap<>(environment);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
