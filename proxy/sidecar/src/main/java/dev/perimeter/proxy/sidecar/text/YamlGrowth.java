package dev.perimeter.proxy.sidecar.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * From the nodes of a document to maps, lists and scalars, with what aliases name in their places. A key with the tag
 * {@code !ignore} is left out with all that stands under it, which is where Envoy's files keep their anchors.
 */
final class YamlGrowth {

    /** As deep as protobuf's JSON may go; a file that lists itself by an alias has no bottom at all. */
    static final int DEEPEST = 100;

    /** How much a file may grow by its aliases, about in characters: lists of aliases of lists grow without measure. */
    private static final int MOST_REPEATED = 4_000_000;

    /** What a value weighs besides its characters. */
    private static final int WEIGHT = 16;

    private final Set<Node> grown = Collections.newSetFromMap(new IdentityHashMap<>());
    private long repeated;
    private @Nullable String wrong;
    private int line;

    /** What is wrong with the tree, in words, or null. */
    @Nullable
    String wrong() {
        return wrong;
    }

    /** Where, from 1; 0 if that is nowhere in particular. */
    int line() {
        return line;
    }

    /** The tree; of no use when something is {@link #wrong}. */
    @Nullable
    Object grow(Node root) {
        return grow(root, 0);
    }

    private @Nullable Object grow(Node node, int depth) {
        if (wrong != null) {
            return null;
        }
        if (!grown.add(node)) {
            repeated += WEIGHT
                    + (node instanceof ScalarNode scalar ? scalar.getValue().length() : 0);
        }
        if (repeated > MOST_REPEATED) {
            return refuse(node, "aliases make too much of this; " + MOST_REPEATED + " characters are the most");
        }
        return switch (node) {
            case ScalarNode scalar -> YamlScalar.of(scalar);
            case SequenceNode list -> deepEnough(depth) ? list(list, depth + 1) : null;
            case MappingNode map -> deepEnough(depth) ? map(map, depth + 1) : null;
            default -> refuse(node, "is neither a map nor a list nor a scalar");
        };
    }

    private boolean deepEnough(int depth) {
        if (depth > DEEPEST) {
            wrong = "is nested too deeply; " + DEEPEST + " levels are the most";
        }
        return wrong == null;
    }

    private List<@Nullable Object> list(SequenceNode node, int depth) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Node item : node.getValue()) {
            list.add(grow(item, depth));
        }
        return list;
    }

    private Map<String, @Nullable Object> map(MappingNode node, int depth) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (NodeTuple field : node.getValue()) {
            Node key = field.getKeyNode();
            if (key.getTag().getValue().equals("!ignore")) {
                continue;
            }
            if (!(key instanceof ScalarNode name)) {
                refuse(key, "must be a name");
                break;
            }
            // Which of the two is meant nobody can tell; Envoy takes the last.
            if (map.containsKey(name.getValue())) {
                refuse(key, "found duplicate key " + name.getValue());
                break;
            }
            map.put(name.getValue(), grow(field.getValueNode(), depth));
        }
        return map;
    }

    private @Nullable Object refuse(Node node, String reason) {
        if (wrong == null) {
            wrong = reason;
            line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        }
        return null;
    }
}
