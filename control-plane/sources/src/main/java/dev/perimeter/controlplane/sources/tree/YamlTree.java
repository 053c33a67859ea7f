package dev.perimeter.controlplane.sources.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads one YAML document (JSON is YAML too) into a {@link Tree}. */
public final class YamlTree {
    private static final LoadSettings SETTINGS = LoadSettings.builder().build();

    private static final Set<Tag> SCALARS = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);
    private static final String CORE_TAG = "tag:yaml.org,2002:";

    /** The answer: a tree, nothing (the document is blank), or why the text is no tree. */
    public sealed interface Parsed {}

    public record Read(Tree tree) implements Parsed {}

    public record Blank() implements Parsed {}

    /** The text is not YAML, nor JSON therefore; {@code line} counts as the tree's lines do. */
    public record Garbled(int line, String problem) implements Parsed {}

    /** The text is YAML, but none that a resource is written in; {@code line} counts as the tree's lines do. */
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
            ParserImpl parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
            Optional<Node> root = new Composer(SETTINGS, new BoundedParser(parser)).getSingleNode();
            return root.isEmpty() ? new Blank() : new Read(reader.tree(root.get(), 1));
        } catch (Refusal refusal) {
            return new Broken(refusal.line, String.valueOf(refusal.getMessage()));
        } catch (BoundedParser.Excess excess) {
            return new Broken(firstLine + excess.line(), String.valueOf(excess.getMessage()));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(Mark::getLine).orElse(0);
            return new Garbled(firstLine + line, broken.getProblem());
        } catch (YamlEngineException broken) {
            return new Garbled(firstLine, String.valueOf(broken.getMessage()));
        }
    }

    private Tree tree(Node node, int level) throws Refusal {
        int line = line(node);
        // An alias brings its whole value along, one that stands in its own value without end.
        if (++nodes > BoundedParser.MOST_VALUES) {
            throw new Refusal(line, BoundedParser.TOO_MANY);
        }
        if (level > BoundedParser.MOST_LEVELS) {
            throw new Refusal(line, BoundedParser.TOO_DEEP);
        }
        return switch (node) {
            case MappingNode mapping -> {
                requireTag(mapping, Set.of(Tag.MAP));
                yield mapping(line, mapping, level);
            }
            case SequenceNode sequence -> {
                requireTag(sequence, Set.of(Tag.SEQ));
                List<Tree> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(tree(item, level + 1));
                }
                yield new Tree.Sequence(line, items);
            }
            case ScalarNode scalar -> {
                requireTag(scalar, SCALARS);
                yield new Tree.Scalar(line, type(scalar.getTag()), scalar.getValue());
            }
            default -> throw new Refusal(line, "Here is an alias without its anchor.");
        };
    }

    private Tree mapping(int line, MappingNode mapping, int level) throws Refusal {
        List<Tree.Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int at = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Refusal(at, "A field must have a plain name.");
            }
            requireTag(key, SCALARS);
            if (!names.add(key.getValue())) {
                throw new Refusal(at, "The field \"" + key.getValue() + "\" is there twice.");
            }
            fields.add(new Tree.Field(key.getValue(), at, tree(tuple.getValueNode(), level + 1)));
        }
        return new Tree.Mapping(line, fields);
    }

    /** A tag gives a value a type of somebody's own, such as a Java class; resources have none but those of JSON. */
    private void requireTag(Node node, Set<Tag> known) throws Refusal {
        if (!known.contains(node.getTag())) {
            String tag = node.getTag().getValue();
            String written = tag.startsWith(CORE_TAG) ? "!!" + tag.substring(CORE_TAG.length()) : tag;
            throw new Refusal(line(node), "The tag " + written + " does not belong here.");
        }
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
