package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.cli.lab.LabCommands;
import java.util.ArrayList;
import java.util.List;

/** The table of contents: every command there is, in the order the help shows them. */
public final class Commands {
    private Commands() {}

    static List<Object> all() {
        List<Object> mesh = List.of(
                // The mesh on this machine.
                new UpCommand(),
                new DownCommand(),
                new StatusCommand(),
                new LogsCommand(),
                new UrlCommand(),
                new OrderCommand(),
                new DoctorCommand(),
                // Its resources.
                new ApplyCommand(),
                new GetCommand(),
                new DeleteCommand());
        List<Object> all = new ArrayList<>(mesh);
        all.addAll(LabCommands.all());
        return all;
    }
}
