package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.Refused;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code lab} itself: its options, and how everything that goes wrong is told. */
@Command(
        name = "lab",
        description = "Runs a gateway, a service mesh and a small shop on this machine, and the labs about them.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "Environment:",
            "  LAB_HOME  folder for everything of a mesh, instead of .lab",
            "  LAB_PORT  port of the gateway's door, instead of 8080",
            "  LAB_WORK  folder with your files of the labs, one folder a lab, instead of labs"
        })
public final class Lab implements Runnable {
    /** The terminal's reader gets one sentence; this is how the rest is seen. */
    @Option(names = "--debug", hidden = true, scope = ScopeType.INHERIT)
    private boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Tells how this is used.")
    private boolean help;

    @Spec
    private CommandSpec spec;

    private Lab() {
        this.spec = CommandSpec.create();
    }

    /** The whole command, ready to run. */
    public static CommandLine commandLine() {
        Lab lab = new Lab();
        CommandLine line = new CommandLine(lab);
        Commands.all().forEach(line::addSubcommand);
        line.setParameterExceptionHandler(Lab::misused);
        line.setExecutionExceptionHandler((failure, command, parsed) -> lab.failed(failure, command));
        return line;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int misused(ParameterException misuse, String[] words) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String said = String.valueOf(misuse.getMessage()).strip();
        // One sentence: what follows in picocli's message is a list of look-alikes.
        String sentence = misuse instanceof UnmatchedArgumentException unknown
                ? unknownWord(unknown)
                : said.lines()
                        .findFirst()
                        .orElse("")
                        .replaceFirst("[.:]$", "")
                        .replaceFirst("is not an? (int|long)$", "is not a whole number");
        command.getErr().printf("lab: %s; scripts/%s --help tells how it is used.%n", sentence, name);
        return CommandLine.ExitCode.USAGE;
    }

    private static String unknownWord(UnmatchedArgumentException unknown) {
        String word = unknown.getUnmatched().getFirst();
        List<String> alike = unknown.getSuggestions();
        boolean command = unknown.getCommandLine().getParent() == null && !word.startsWith("-");
        return "there is no %s \"%s\"%s"
                .formatted(
                        command ? "command" : word.startsWith("-") ? "option" : "place for",
                        word,
                        alike.isEmpty()
                                ? ""
                                : " (did you mean " + alike.getFirst().replaceFirst("^lab ", "") + "?)");
    }

    private static String reason(FileSystemException file) {
        return switch (file) {
            case AccessDeniedException _ -> "access denied";
            case NoSuchFileException _ -> "it is not there";
            default -> file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
        };
    }

    private int failed(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof Refused refused) {
            err.println("lab: " + refused.getMessage());
        } else if (failure instanceof UncheckedIOException && failure.getCause() instanceof FileSystemException file) {
            err.println("lab: %s cannot be used (%s); the lab commands write below .lab and into your own files. Make"
                            .formatted(file.getFile(), reason(file))
                    + " them writable, or set LAB_HOME and LAB_WORK to folders that are.");
        } else {
            err.println(
                    "lab: this is a bug of the lab command: " + failure + "; --debug shows where, please report it.");
        }
        if (debug) {
            failure.printStackTrace(err);
        }
        return CommandLine.ExitCode.SOFTWARE;
    }
}
