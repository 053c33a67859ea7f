package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Columns;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.status.ObjectStatus;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab get [KIND] [NAME]}: what lies in the resources, and what the control plane makes of it. */
@Command(name = "get", description = "Lists objects with their conditions; with a NAME, prints the object itself.")
final class GetCommand implements Runnable {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KIND", description = "Such as httproutes; all if left out.")
    private @Nullable String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Prints this one's file.")
    private @Nullable String name;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        Mesh mesh = Here.mesh();
        List<ObjectKey> keys =
                kind == null ? mesh.resources().keys() : mesh.resources().keys(kind);
        if (name != null) {
            keys = keys.stream().filter(key -> key.name().equals(name)).toList();
        }
        if (keys.isEmpty() && name != null) {
            throw new Refused("There is no %s called %s; scripts/lab get lists what there is.".formatted(kind, name));
        }
        ObjectStatus status = ObjectStatus.of(mesh.state());
        if (json) {
            out.println(Json.pretty(
                    Map.of("objects", keys.stream().map(status::toJson).toList())));
        } else if (name != null) {
            keys.forEach(key -> print(mesh, status, key, out));
        } else {
            table(keys, status, out);
        }
        out.flush();
    }

    private static void print(Mesh mesh, ObjectStatus status, ObjectKey key, PrintWriter out) {
        out.println("# " + mesh.resources().fileOf(key));
        out.print(mesh.resources().text(key).orElse(""));
        status.sentences(key).forEach(sentence -> out.println("# " + sentence));
    }

    private static void table(List<ObjectKey> keys, ObjectStatus status, PrintWriter out) {
        Columns table = new Columns(List.of("KIND", "NAMESPACE", "NAME", "CONDITIONS"));
        for (ObjectKey key : keys) {
            table.add(List.of(
                    key.kind(), key.namespace().isEmpty() ? "-" : key.namespace(), key.name(), status.inShort(key)));
        }
        if (table.isEmpty()) {
            out.println("There are no such objects.");
        } else {
            table.print(out);
        }
        status.problems().forEach(out::println);
        Optional.of(status)
                .filter(known -> !known.answered())
                .ifPresent(unknown -> out.println(
                        "The control plane does not answer, so conditions are unknown; scripts/lab status tells why."));
    }
}
