package dev.perimeter.proxy.sidecar.text;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Where in a file something stands that is named by its path. Reads the file anew, so only for what went wrong. */
public final class YamlLines {

    /** A name, the index of a list, or the key of a map in brackets. */
    private static final Pattern STEP = Pattern.compile("\\[([^\\]]*)]|([^.\\[]+)");

    private YamlLines() {}

    /**
     * The line, from 1, on which what the path names begins, or that of the nearest thing around it; 0 when nothing of the
     * path is there.
     *
     * @param path e.g. {@code static_resources.listeners[0].name}
     */
    public static int find(String text, String path) {
        Node node;
        try {
            Iterator<Node> documents = new Compose(YamlTree.settings(""))
                    .composeAllFromString(text)
                    .iterator();
            if (!documents.hasNext()) {
                return 0;
            }
            node = documents.next();
        } catch (YamlEngineException | StackOverflowError malformed) {
            return 0;
        }
        int line = 0;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            String inBrackets = step.group(1);
            Node next =
                    inBrackets != null && node instanceof SequenceNode list ? item(list.getValue(), inBrackets) : null;
            if (next != null) {
                line = line(next);
                node = next;
                continue;
            }
            NodeTuple field = node instanceof MappingNode map
                    ? field(map.getValue(), inBrackets == null ? step.group(2) : inBrackets)
                    : null;
            if (field == null) {
                return line;
            }
            line = line(field.getKeyNode());
            node = field.getValueNode();
        }
        return line;
    }

    private static @Nullable Node item(List<Node> items, String index) {
        int at = index.matches("\\d{1,6}") ? Integer.parseInt(index) : -1;
        return at >= 0 && at < items.size() ? items.get(at) : null;
    }

    /** Names may be written as protobuf's JSON writes them. */
    private static @Nullable NodeTuple field(List<NodeTuple> fields, String name) {
        for (NodeTuple field : fields) {
            if (field.getKeyNode() instanceof ScalarNode key
                    && (key.getValue().equals(name) || key.getValue().equalsIgnoreCase(name.replace("_", "")))) {
                return field;
            }
        }
        return null;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
