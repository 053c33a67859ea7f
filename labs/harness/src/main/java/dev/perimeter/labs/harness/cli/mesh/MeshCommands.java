package dev.perimeter.labs.harness.cli.mesh;

import java.util.List;

/** The part of the command's catalogue that is about the mesh. */
public final class MeshCommands {
    private MeshCommands() {}

    /** All of them, made afresh. */
    public static List<Object> all() {
        return List.of(
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
    }
}
