package dev.perimeter.controlplane.sources.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one YAML document (JSON is YAML too) into a {@link Tree}. */
public final class YamlTree {
    /** Aliases can make a small text a huge tree; no resource comes near this many nodes. */
    private static final int MOST_NODES = 50_000;

    /** The answer: a tree, nothing (the document is blank), or why the text is no tree. */
    public sealed interface Parsed {}

    public record Read(Tree tree) implements Parsed {}

    public record Blank() implements Parsed {}

    /** The text is not YAML; {@code line} counts as the tree's lines do. */
    public record Broken(int line, String reason) implements Parsed {}

    /** Ends the walk of one document; never leaves this class. */
    private static final class Refusal extends Exception {
        private final int line;

        Refusal(int line, String reason) {
            super(reason, null, false, false);
            this.line = line;
        }
    }

    private final int firstLine;
    private int nodes;

    private YamlTree(int firstLine) {
        this.firstLine = firstLine;
    }

    /**
     * Reads a document.
     *
     * @param firstLine the number of the text's first line in its file
     */
    public static Parsed parse(String text, int firstLine) {
        YamlTree reader = new YamlTree(firstLine);
        try {
            Compose compose = new Compose(LoadSettings.builder().build());
            Optional<Node> root = compose.composeString(text);
            return root.isEmpty() ? new Blank() : new Read(reader.tree(root.get()));
        } catch (Refusal refusal) {
            return new Broken(refusal.line, String.valueOf(refusal.getMessage()));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(Mark::getLine).orElse(0);
            return new Broken(firstLine + line, "This is not YAML: " + broken.getProblem() + ".");
        } catch (YamlEngineException broken) {
            return new Broken(firstLine, "This is not YAML: " + broken.getMessage() + ".");
        }
    }

    private Tree tree(Node node) throws Refusal {
        int line = line(node);
        if (++nodes > MOST_NODES) {
            throw new Refusal(line, "The document has more than " + MOST_NODES + " values, aliases counted.");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(line, mapping);
            case SequenceNode sequence -> {
                List<Tree> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(tree(item));
                }
                yield new Tree.Sequence(line, items);
            }
            case ScalarNode scalar -> new Tree.Scalar(line, type(scalar.getTag()), scalar.getValue());
            default -> throw new Refusal(line, "This is not YAML: an alias without its anchor.");
        };
    }

    private Tree mapping(int line, MappingNode mapping) throws Refusal {
        List<Tree.Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int at = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Refusal(at, "A field must have a plain name.");
            }
            if (!names.add(key.getValue())) {
                throw new Refusal(at, "The field \"" + key.getValue() + "\" is there twice.");
            }
            fields.add(new Tree.Field(key.getValue(), at, tree(tuple.getValueNode())));
        }
        return new Tree.Mapping(line, fields);
    }

    private int line(Node node) {
        @Nullable Mark mark = node.getStartMark().orElse(null);
        return mark == null ? firstLine : firstLine + mark.getLine();
    }

    private static Tree.Type type(Tag tag) {
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return Tree.Type.NUMBER;
        }
        if (tag.equals(Tag.BOOL)) {
            return Tree.Type.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? Tree.Type.NULL : Tree.Type.TEXT;
    }
}
