package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.Refused;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code lab} itself: its options, and how everything that goes wrong is told. */
@Command(
        name = "lab",
        description = "Runs a gateway, a service mesh and a small shop on this machine, and the labs about them.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Lab implements Runnable {
    /** The terminal's reader gets one sentence; this is how the rest is seen. */
    @Option(names = "--debug", hidden = true, scope = ScopeType.INHERIT)
    private boolean debug;

    @Option(names = "--help", usageHelp = true, scope = ScopeType.INHERIT, description = "Tells how this is used.")
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
        String sentence = said.lines().findFirst().orElse("").replaceFirst("[.:]$", "");
        command.getErr().printf("lab: %s; scripts/%s --help tells how it is used.%n", sentence, name);
        return CommandLine.ExitCode.USAGE;
    }

    private int failed(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (failure instanceof Refused refused) {
            err.println("lab: " + refused.getMessage());
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
