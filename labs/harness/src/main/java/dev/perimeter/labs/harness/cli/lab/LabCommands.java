package dev.perimeter.labs.harness.cli.lab;

import java.util.List;

/** The part of the command's catalogue that is about labs, in the order of a lab's ritual. */
public final class LabCommands {
    private LabCommands() {}

    /** All of them, made afresh. */
    public static List<Object> all() {
        return List.of(
                new ListCommand(),
                new ShowCommand(),
                new ObserveCommand(),
                new PredictCommand(),
                new ToggleCommand(),
                new VerifyCommand(),
                new ExplainCommand(),
                new CheckCommand(),
                new HintCommand(),
                new NextCommand(),
                new ResetCommand(),
                new WatchCommand());
    }
}
