package dev.perimeter.labs.harness.lab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The fields of one mapping of a {@link YamlFile}. */
public final class Fields {

    private final YamlFile file;
    private final MappingNode node;
    private final String path;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> asked = new HashSet<>();

    Fields(YamlFile file, MappingNode node, String path) {
        this.file = file;
        this.node = node;
        this.path = path;
        for (NodeTuple tuple : node.getValue()) {
            values.put(tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?", tuple.getValueNode());
        }
    }

    /** A text that must be there and must not be blank. */
    public String text(String name) {
        return optionalText(name).orElseGet(() -> missing(name, ""));
    }

    /** A text that may be left out. */
    public Optional<String> optionalText(String name) {
        return value(name).map(found -> scalar(name, found));
    }

    /** A whole number from {@code least} on that must be there. */
    public int number(String name, int least) {
        Optional<Node> found = value(name);
        if (found.isEmpty()) {
            return missing(name, least);
        }
        String text = scalar(name, found.get());
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the text as it stands
        }
        file.problem(line(found.get()), at(name), "\"" + text + "\" is not a whole number from " + least + " on");
        return least;
    }

    /** A text that must be one of the given ones. */
    public String oneOf(String name, List<String> allowed) {
        String text = text(name);
        if (!text.isEmpty() && !allowed.contains(text)) {
            problem(name, "\"" + text + "\" is not one of " + String.join(", ", allowed));
        }
        return text;
    }

    /** The texts of a list; none when it is left out. */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Node item : items(name)) {
            texts.add(scalar(name + "[" + texts.size() + "]", item));
        }
        return List.copyOf(texts);
    }

    /** The mappings of a list, each read as the given shape; none when it is left out. */
    public <T> List<T> list(String name, Function<Fields, T> shape) {
        List<T> read = new ArrayList<>();
        int index = 0;
        for (Node item : items(name)) {
            mapping(name + "[" + index++ + "]", item).ifPresent(fields -> read.add(fields.as(shape)));
        }
        return List.copyOf(read);
    }

    /** A mapping inside this one, read as the given shape. */
    public <T> Optional<T> inner(String name, Function<Fields, T> shape) {
        return value(name).flatMap(found -> mapping(name, found)).map(fields -> fields.as(shape));
    }

    /** A mapping of texts, in the order of the file; empty when it is left out. */
    public Map<String, String> map(String name) {
        Map<String, String> read = new LinkedHashMap<>();
        inner(name, fields -> {
            fields.names().forEach(key -> read.put(key, fields.text(key)));
            return read;
        });
        return read;
    }

    /** The names of all fields, in the order of the file. */
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Says that a value, although readable, cannot be used. */
    public void problem(String name, String reason) {
        Node found = values.get(name);
        file.problem(found == null ? line(node) : line(found), at(name), reason);
    }

    void refuseTheRest() {
        for (String name : values.keySet()) {
            if (!asked.contains(name)) {
                problem(
                        name,
                        "is not a field of this file; known here: "
                                + String.join(", ", asked.stream().sorted().toList()));
            }
        }
    }

    private <T> T as(Function<Fields, T> shape) {
        T value = shape.apply(this);
        refuseTheRest();
        return value;
    }

    private Optional<Node> value(String name) {
        asked.add(name);
        return Optional.ofNullable(values.get(name));
    }

    private List<Node> items(String name) {
        Optional<Node> found = value(name);
        if (found.isPresent() && found.get() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        found.ifPresent(other -> file.problem(line(other), at(name), "must be a list"));
        return List.of();
    }

    private Optional<Fields> mapping(String name, Node found) {
        if (found instanceof MappingNode mapping) {
            return Optional.of(new Fields(file, mapping, at(name)));
        }
        file.problem(line(found), at(name), "must hold fields of its own");
        return Optional.empty();
    }

    private String scalar(String name, Node found) {
        if (found instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue().strip();
        }
        file.problem(line(found), at(name), "must be a text");
        return "";
    }

    private <T> T missing(String name, T harmless) {
        file.problem(line(node), at(name), "is missing");
        return harmless;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static int line(Node found) {
        return found.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }
}
