package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.mesh.Mesh;
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
@Command(name = "logs", description = "Prints the log of a process.")
final class LogsCommand implements Runnable {
    @Parameters(paramLabel = "NAME", description = "A name that status shows.")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on until Ctrl-C.")
    private boolean follow;

    @Option(names = "--access", description = "The access log of a proxy instead: one JSON object a line.")
    private boolean access;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Mesh mesh = Here.mesh();
        PrintWriter out = Terminal.out(spec);
        LogTail tail = new LogTail(file(mesh.home()), out);
        tail.printAll();
        if (follow) {
            tail.follow();
        }
    }

    private Path file(LabHome home) {
        String ending = access ? ".access.jsonl" : ".log";
        String process = name.equals("node") || name.equals(Mesh.NODE) ? "node" : name;
        return Stream.of(process, process + "-0", process.replaceFirst("-proxy$", "-0-proxy"))
                .map(candidate -> home.logs().resolve(candidate + ending))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new Refused("There is no log of \"%s\" in %s; there are logs of: %s."
                        .formatted(name, home.logs(), String.join(", ", known(home, ending)))));
    }

    private static List<String> known(LabHome home, String ending) {
        String[] files = home.logs().toFile().list((folder, file) -> file.endsWith(ending));
        return files == null
                ? List.of()
                : Stream.of(files)
                        .map(file -> file.substring(0, file.length() - ending.length()))
                        .sorted()
                        .toList();
    }
}
