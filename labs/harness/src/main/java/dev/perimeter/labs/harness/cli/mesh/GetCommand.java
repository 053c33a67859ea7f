package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.controlplane.sources.ResourceReader;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Columns;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.json.Json;
import dev.perimeter.labs.harness.mesh.Mesh;
import dev.perimeter.labs.harness.mesh.status.ObjectStatus;
import dev.perimeter.labs.harness.resource.ResourceStore;
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

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only objects of this one.")
    private @Nullable String namespace;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = Terminal.out(spec);
        Mesh mesh = Here.mesh();
        List<ObjectKey> keys = kind == null ? mesh.resources().keys() : ofKind(mesh, kind);
        if (namespace != null) {
            keys = keys.stream()
                    .filter(key -> key.namespace().equals(namespace))
                    .toList();
        }
        if (name != null) {
            keys = keys.stream().filter(key -> key.name().equals(name)).toList();
        }
        if (keys.isEmpty() && name != null) {
            throw new Refused("There is no %s called %s; scripts/lab get lists what there is.".formatted(kind, name));
        }
        ObjectStatus status = ObjectStatus.of(mesh.state(), mesh.resources());
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

    private static List<ObjectKey> ofKind(Mesh mesh, String kind) {
        if (ResourceReader.kinds().stream().noneMatch(known -> ResourceStore.isKind(known, kind))) {
            throw new Refused("There is no kind \"%s\"; there are: %s."
                    .formatted(kind, String.join(", ", ResourceReader.kinds())));
        }
        return mesh.resources().keys(kind);
    }

    private static void print(Mesh mesh, ObjectStatus status, ObjectKey key, PrintWriter out) {
        out.println("# " + mesh.resources().fileOf(key));
        out.print(mesh.resources().text(key).orElse(""));
        List<String> problems = status.problemsOf(mesh.resources().fileOf(key));
        problems.forEach(problem -> out.println("# " + problem));
        // What the control plane says then is about the version before it.
        String about = problems.isEmpty() ? "# " : "# The last good version: ";
        status.sentences(key).forEach(sentence -> out.println(about + sentence));
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
