package dev.perimeter.labs.harness.resource;

import dev.perimeter.controlplane.sources.tree.Tree;
import dev.perimeter.controlplane.sources.tree.YamlTree;
import dev.perimeter.controlplane.sources.tree.YamlWriter;
import java.util.List;
import java.util.Map;

/**
 * A Gateway as this machine can have it: only on loopback, at the port asked for. In a cluster the same manifest gets
 * its address from the platform.
 */
final class LocalGateway {
    private LocalGateway() {}

    /** The Gateway with that address and its first listener at that port. */
    static Tree.Mapping of(Tree.Mapping gateway, int port) {
        if (!(gateway.get("spec") instanceof Tree.Mapping spec)) {
            return gateway;
        }
        Tree loopback = Tree.of(List.of(Map.of("type", "IPAddress", "value", "127.0.0.1")));
        Tree.Mapping moved = spec.with("addresses", loopback);
        if (spec.get("listeners") instanceof Tree.Sequence listeners
                && !listeners.items().isEmpty()
                && listeners.items().getFirst() instanceof Tree.Mapping first) {
            List<Tree> changed = new java.util.ArrayList<>(listeners.items());
            changed.set(0, first.with("port", Tree.of(port)));
            moved = moved.with("listeners", new Tree.Sequence(listeners.line(), changed));
        }
        return gateway.with("spec", moved);
    }

    /** The text moved to that port; a text that is no mapping stays as it is, for the control plane to complain of. */
    static String at(String text, int port) {
        return YamlTree.parse(text, 1) instanceof YamlTree.Read read && read.tree() instanceof Tree.Mapping gateway
                ? YamlWriter.write(of(gateway, port))
                : text;
    }
}
