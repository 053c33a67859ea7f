package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.site.LabHome;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab logs NAME}: works without a mesh too, since logs outlive it. */
@Command(name = "logs", description = "Prints the log of a process; of a proxy, its access log too.")
final class LogsCommand implements Runnable {
    private static final String LOG = ".log";
    private static final String ACCESS_LOG = ".access.jsonl";

    @Parameters(paramLabel = "NAME", description = "A name that status shows.")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until Ctrl-C.")
    private boolean follow;

    @Option(names = "--access", description = "Only the access log: one JSON object a request.")
    private boolean access;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        LabHome home = Here.mesh().home();
        PrintWriter out = Terminal.out(spec);
        List<LogTail> tails =
                files(home).stream().map(file -> new LogTail(file, out)).toList();
        tails.forEach(LogTail::printAll);
        if (follow) {
            LogTail.follow(tails);
        }
    }

    private List<Path> files(LabHome home) {
        List<String> endings = access ? List.of(ACCESS_LOG) : List.of(LOG, ACCESS_LOG);
        return Stream.of(name, name + "-0", name.replaceFirst("-proxy$", "-0-proxy"))
                .map(candidate -> endings.stream()
                        .map(ending -> home.logs().resolve(candidate + ending))
                        .filter(Files::isRegularFile)
                        .toList())
                .filter(files -> !files.isEmpty())
                .findFirst()
                .orElseThrow(() -> new Refused(missing(home)));
    }

    private String missing(LabHome home) {
        String[] files = home.logs().toFile().list((folder, file) -> file.endsWith(LOG));
        if (files == null || files.length == 0) {
            return "There are no logs in %s; scripts/lab up makes some.".formatted(home.logs());
        }
        List<String> known = Stream.of(files)
                .map(file -> file.substring(0, file.length() - LOG.length()))
                .sorted()
                .toList();
        return "There is no log of \"%s\"; there are logs of: %s.".formatted(name, String.join(", ", known));
    }
}
