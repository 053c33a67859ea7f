package dev.perimeter.labs.harness.submission;

import dev.perimeter.labs.harness.check.CheckFailed;
import dev.perimeter.labs.harness.check.Status;
import dev.perimeter.labs.harness.check.Story;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A process that runs a subject and knows nothing of checks. It ends when its standard input closes, so it cannot outlive
 * the checker, and it is killed when a check is over.
 */
public final class Worker implements AutoCloseable {

    private static final int OUT_OF_MEMORY = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int MOST_LOG_BYTES = 1_000_000;
    private static final int LONGEST_LINE = 400;
    private static final Pattern READY = Pattern.compile("port ([0-9]{1,5})");

    private final Process process;
    private final BufferedReader out;
    private final Path log;
    private final String className;
    private final int port;

    private Worker(Process process, BufferedReader out, Path log, String className, int port) {
        this.process = process;
        this.out = out;
        this.log = log;
        this.className = className;
        this.port = port;
    }

    static Worker start(Subject subject, Story story, List<String> arguments) {
        try {
            Files.createDirectories(subject.scratch());
            Path log = Files.createTempFile(subject.scratch(), "worker-", ".log");
            Process process = new ProcessBuilder(command(subject, arguments))
                    .redirectError(log.toFile())
                    .start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String ready = readyLine(process, out);
            Matcher port = READY.matcher(ready);
            if (port.matches()) {
                return new Worker(process, out, log, subject.className(), Integer.parseInt(port.group(1)));
            }
            throw new Worker(process, out, log, subject.className(), 0).neverReady(story, ready);
        } catch (IOException unstartable) {
            throw new UncheckedIOException(unstartable);
        }
    }

    private CheckFailed neverReady(Story story, String said) {
        boolean late = process.isAlive();
        process.destroyForcibly().onExit().join();
        if (!said.isEmpty()) {
            String seen = "\"" + said + "\" where its host says the port";
            return story.end(Status.CRASH, seen, "\"" + said + "\"", "only the host writes there");
        }
        String seen = "nothing within " + PATIENCE.toSeconds() + " s of its start";
        return late ? story.end(Status.TIMEOUT, seen, seen, "does its constructor come back?") : ended(story);
    }

    /** The first line the host writes; empty when it wrote none in time or has ended. */
    private static String readyLine(Process process, BufferedReader out) {
        try {
            String read = line(out, PATIENCE);
            if (read.isEmpty()) {
                process.waitFor(PATIENCE);
            }
            return read;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "";
        } catch (TimeoutException silent) {
            return "";
        }
    }

    /** The next line the host writes; empty when it has ended. */
    private static String line(BufferedReader out, Duration patience) throws InterruptedException, TimeoutException {
        CompletableFuture<String> line = new CompletableFuture<>();
        // A thread for this one line: it stays where it is until the process of a silent host is ended.
        Thread.ofPlatform().daemon().name("worker-line").start(() -> {
            try {
                line.complete(boundedLine(out));
            } catch (IOException ended) {
                line.complete("");
            }
        });
        try {
            return line.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** One line, or as much of it as a host would ever write: a line without an end must not fill this process. */
    private static String boundedLine(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n' && line.length() < LONGEST_LINE; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static List<String> command(Subject subject, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + subject.heapMegabytes() + "m",
                "-XX:MaxDirectMemorySize=" + subject.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                subject.classPath().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                subject.host(),
                subject.className()));
        command.addAll(arguments);
        return command;
    }

    /** The port the subject listens on, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The process id, for the socket table. */
    public long pid() {
        return process.pid();
    }

    /** Whether the process still runs. */
    public boolean runs() {
        return process.isAlive();
    }

    /**
     * Asks the host one word and waits 15 s for its one line.
     *
     * @return that line; {@code gone} when the process has ended, a sentence when it did not answer, which ends it
     */
    public String ask(String question) {
        return ask(question, PATIENCE);
    }

    String ask(String question, Duration patience) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(question)
                    .append('\n')
                    .flush();
            String answer = line(out, patience);
            return answer.isEmpty() ? "gone" : answer;
        } catch (IOException ended) {
            return "gone";
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return "gone";
        } catch (TimeoutException silent) {
            process.destroyForcibly();
            return "no answer within " + patience.toMillis() + " ms";
        }
    }

    /** What the process wrote to its error output so far, cut at 1 MB. */
    public String log() {
        try (InputStream in = Files.newInputStream(log)) {
            return new String(in.readNBytes(MOST_LOG_BYTES), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The last thing the subject's own code threw, with the line that threw it; empty as long as it threw nothing. */
    public Optional<String> threw() {
        return Trace.last(log(), className);
    }

    /** The failure to throw when a check finds the process gone: out of memory, or ended by itself. */
    public CheckFailed ended(Story story) {
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        String text = log();
        boolean memory = text.contains("OutOfMemoryError")
                || text.contains("OutOfDirectMemoryError")
                || (!process.isAlive() && process.exitValue() == OUT_OF_MEMORY);
        if (memory) {
            return story.end(Status.OOM, "the process ran out of memory", "ran out of memory", "");
        }
        String last = Trace.last(text, className)
                .or(() -> text.lines().filter(Trace::isWord).reduce((earlier, later) -> later))
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + " ..." : line)
                .orElse("it said nothing");
        return story.end(Status.CRASH, "the process ended by itself: " + last, "ended by itself", "");
    }

    /** Asks the process to end by closing its input, and does not wait long. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException alreadyGone) {
            process.destroyForcibly();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
