package dev.perimeter.labs.harness.cli;

import dev.perimeter.labs.harness.cli.lab.LabCommands;
import dev.perimeter.labs.harness.cli.mesh.MeshCommands;
import java.util.List;
import java.util.stream.Stream;

/** The table of contents: every command there is, in the order the help shows them. */
public final class Commands {
    private Commands() {}

    static List<Object> all() {
        return Stream.of(MeshCommands.all(), LabCommands.all())
                .flatMap(List::stream)
                .toList();
    }
}
