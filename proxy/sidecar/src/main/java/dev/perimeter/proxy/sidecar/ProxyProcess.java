package dev.perimeter.proxy.sidecar;

import dev.perimeter.proxy.filter.FilterKind;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.listen.DataPlaneOptions;
import dev.perimeter.proxy.sidecar.bootstrap.Bootstrap;
import dev.perimeter.proxy.sidecar.bootstrap.BootstrapReader;
import dev.perimeter.proxy.sidecar.text.YamlLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The life of a proxy process. What cannot start says why in one sentence on standard error: exit code 2 for a bad command
 * line, 1 for anything else. Standard output belongs to the access log.
 */
public final class ProxyProcess {

    /** gRPC reports each failed connection itself; the client says it once and in its own words. Held, or it is lost. */
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private ProxyProcess() {}

    /**
     * Starts a proxy and leaves it running until SIGTERM or SIGINT.
     *
     * @param program the word for usage, e.g. {@code gateway}
     * @param filters the HTTP filters of this process
     */
    public static void run(String program, String[] arguments, List<FilterKind> filters) {
        GRPC.setLevel(Level.SEVERE);
        switch (CommandLine.parse(arguments)) {
            case Parsed.Bad<CommandLine> bad -> {
                System.err.println(bad.sentence());
                System.err.println(CommandLine.usage(program));
                System.exit(2);
            }
            case Parsed.Ok<CommandLine>(CommandLine(Path bootstrap, Path lastGood)) -> {
                if (bootstrap == null) {
                    System.out.print(CommandLine.help(program));
                } else {
                    run(bootstrap, lastGood, filters);
                }
            }
        }
    }

    private static void run(Path file, @Nullable Path lastGood, List<FilterKind> filters) {
        switch (read(file)) {
            case Parsed.Bad<Bootstrap> bad -> fail(bad.sentence());
            case Parsed.Ok<Bootstrap>(Bootstrap bootstrap) -> {
                try {
                    RunningProxy proxy = RunningProxy.start(
                            bootstrap, filters, DataPlaneOptions.forThisMachine(), file.toString(), lastGood);
                    StopSignals.onFirst(proxy::stop);
                    proxy.onQuit(() -> {
                        proxy.stop();
                        System.exit(0);
                    });
                    stay();
                } catch (IOException cannotStart) {
                    fail(sentence(file, cannotStart));
                }
            }
        }
    }

    /** Until a signal comes. No other thread need keep the process alive: before its first listener it has no loop that does. */
    private static void stay() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    static Parsed<Bootstrap> read(Path file) {
        try {
            String text = Files.readString(file);
            return switch (BootstrapReader.read(text)) {
                case Parsed.Ok<Bootstrap> ok -> ok;
                case Parsed.Bad<Bootstrap> bad ->
                    new Parsed.Bad<>("bootstrap " + file + line(text, bad.path()), bad.sentence());
            };
        } catch (NoSuchFileException missing) {
            return new Parsed.Bad<>("bootstrap " + file, "there is no such file");
        } catch (IOException unreadable) {
            return new Parsed.Bad<>("bootstrap " + file, "cannot be read: " + unreadable.getMessage());
        }
    }

    /** What a resource of the file is refused for, with the line it stands on; any other sentence as it is. */
    static String located(Path file, String sentence) throws IOException {
        String prefix = "bootstrap " + file + ": ";
        if (!sentence.startsWith(prefix)) {
            return sentence;
        }
        String rest = sentence.substring(prefix.length());
        int end = rest.indexOf(": ");
        String path = end < 0 ? "" : rest.substring(0, end);
        return "bootstrap " + file + line(Files.readString(file), path) + ": " + rest;
    }

    private static String sentence(Path file, IOException cannotStart) {
        String sentence = String.valueOf(cannotStart.getMessage());
        try {
            return located(file, sentence);
        } catch (IOException gone) {
            return sentence;
        }
    }

    private static String line(String text, String path) {
        int line = YamlLines.find(text, path);
        return line == 0 ? "" : ", line " + line;
    }

    private static void fail(String sentence) {
        System.err.println(sentence);
        System.exit(1);
    }
}
