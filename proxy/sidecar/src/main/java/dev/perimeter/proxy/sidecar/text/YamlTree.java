package dev.perimeter.proxy.sidecar.text;

import dev.perimeter.proxy.filter.Parsed;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML or JSON (which is YAML too) as a tree of maps, lists and scalars. */
public final class YamlTree {

    private YamlTree() {}

    /** The object that the text holds, or why it holds none, with the line. Never throws. */
    public static Parsed<Map<?, ?>> read(String label, String text) {
        try {
            Object tree = new Load(LoadSettings.builder().setLabel(label).build()).loadFromString(text);
            return tree instanceof Map<?, ?> whole ? new Parsed.Ok<>(whole) : new Parsed.Bad<>("", "must be an object");
        } catch (MarkedYamlEngineException malformed) {
            String line = malformed
                    .getProblemMark()
                    .map(mark -> "line " + (mark.getLine() + 1))
                    .orElse("");
            return new Parsed.Bad<>(line, malformed.getProblem());
        } catch (YamlEngineException malformed) {
            return new Parsed.Bad<>(
                    "",
                    String.valueOf(malformed.getMessage()).lines().findFirst().orElse("not YAML"));
        }
    }
}
