package dev.perimeter.proxy.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client nobody here wrote. */
public final class Curl {

    private static final int PATIENCE_SECONDS = 60;

    private Curl() {}

    /** What it writes, its complaints included. */
    public static String run(String... arguments) throws IOException, InterruptedException {
        return output(start(null, arguments));
    }

    /** The same, by a client that stands still for a while in the middle of what it does. */
    public static String runWithAStall(String... arguments) throws IOException, InterruptedException {
        Process process = start(null, arguments);
        process.waitFor(Pace.STALL_MILLIS / 2, TimeUnit.MILLISECONDS);
        signal("STOP", process);
        process.waitFor(Pace.STALL_MILLIS, TimeUnit.MILLISECONDS);
        signal("CONT", process);
        return output(process);
    }

    /** @param input what it finds on its standard input, for {@code -T -} */
    public static String sending(File input, String... arguments) throws IOException, InterruptedException {
        return output(start(input, arguments));
    }

    private static Process start(@Nullable File input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("curl", "--silent", "--show-error", "--max-time", Integer.toString(PATIENCE_SECONDS)));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (input != null) {
            builder.redirectInput(input);
        }
        return builder.start();
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
