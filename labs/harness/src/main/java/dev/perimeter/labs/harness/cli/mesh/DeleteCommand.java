package dev.perimeter.labs.harness.cli.mesh;

import dev.perimeter.controlplane.model.ObjectKey;
import dev.perimeter.labs.harness.Refused;
import dev.perimeter.labs.harness.cli.Here;
import dev.perimeter.labs.harness.cli.Terminal;
import dev.perimeter.labs.harness.mesh.Mesh;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab delete KIND NAME}. */
@Command(name = "delete", description = "Removes an object; the mesh follows at once.")
final class DeleteCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "KIND", description = "Such as httproute.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name.")
    private String name = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Only needed where two namespaces have one of that name.")
    private @Nullable String namespace;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        Mesh mesh = Here.mesh();
        List<ObjectKey> found = mesh.resources().keys(kind).stream()
                .filter(key -> key.name().equals(name))
                .filter(key -> namespace == null || key.namespace().equals(namespace))
                .toList();
        if (found.isEmpty()) {
            throw new Refused("There is no %s called %s; scripts/lab get lists what there is.".formatted(kind, name));
        }
        if (found.size() > 1) {
            throw new Refused("There are several: %s; say which with -n NAMESPACE."
                    .formatted(String.join(
                            ", ", found.stream().map(ObjectKey::toString).toList())));
        }
        mesh.delete(found.getFirst());
        PrintWriter out = Terminal.out(spec);
        out.println(found.getFirst() + " deleted");
        out.flush();
    }
}
