package dev.perimeter.labs.harness.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * One YAML file read strictly: each value is asked for by name, what nobody asked for is a problem, and every problem
 * knows its line. A missing value answers with something harmless, so that one reading finds all problems.
 */
public final class YamlFile {

    private final Path file;
    private final List<Problem> problems = new ArrayList<>();

    private YamlFile(Path file) {
        this.file = file;
    }

    /** What to make of a document: called once with its root. */
    public interface Shape<T> {
        T read(Fields root);
    }

    /**
     * Reads a file as the given shape.
     *
     * @throws BadLab with every problem found, each with its line
     */
    public static <T> T read(Path file, Shape<T> shape) {
        YamlFile reader = new YamlFile(file);
        Optional<MappingNode> root = reader.compose();
        if (root.isEmpty()) {
            throw new BadLab(reader.problems);
        }
        Fields fields = new Fields(reader, root.get(), "");
        T value = shape.read(fields);
        fields.refuseTheRest();
        if (!reader.problems.isEmpty()) {
            throw new BadLab(reader.problems);
        }
        return value;
    }

    private Optional<MappingNode> compose() {
        try {
            LoadSettings settings =
                    LoadSettings.builder().setAllowDuplicateKeys(false).build();
            Optional<Node> root = new Compose(settings).composeString(Files.readString(file));
            if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            problem(1, "", "holds no fields; a document of `name: value` lines was expected");
        } catch (MarkedYamlEngineException notYaml) {
            int line = notYaml.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problem(line, "", "is not YAML: " + notYaml.getProblem());
        } catch (YamlEngineException notYaml) {
            problem(0, "", "is not YAML: " + notYaml.getMessage());
        } catch (IOException unreadable) {
            problem(0, "", "cannot be read: " + unreadable.getClass().getSimpleName());
        }
        return Optional.empty();
    }

    void problem(int line, String field, String reason) {
        problems.add(new Problem(file, line, field, reason));
    }
}
