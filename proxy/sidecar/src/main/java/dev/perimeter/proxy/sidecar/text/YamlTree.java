package dev.perimeter.proxy.sidecar.text;

import dev.perimeter.proxy.filter.Parsed;
import java.util.Iterator;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * YAML or JSON (which is YAML too) as a tree of maps, lists and scalars. Of several documents the first is the one that
 * counts, as in Envoy.
 */
public final class YamlTree {

    private static final String TOO_DEEP = "is nested too deeply; " + YamlGrowth.DEEPEST + " levels are the most";

    private YamlTree() {}

    /** The object that the text holds, or why it holds none, with the line. Never throws. */
    public static Parsed<Map<?, ?>> read(String label, String text) {
        try {
            Iterator<Node> documents =
                    new Compose(settings(label)).composeAllFromString(text).iterator();
            if (!documents.hasNext()) {
                return new Parsed.Bad<>("", "must be an object");
            }
            YamlGrowth growth = new YamlGrowth();
            Object tree = growth.grow(documents.next());
            String wrong = growth.wrong();
            if (wrong != null) {
                return new Parsed.Bad<>(growth.line() == 0 ? "" : "line " + growth.line(), wrong);
            }
            return tree instanceof Map<?, ?> whole ? new Parsed.Ok<>(whole) : new Parsed.Bad<>("", "must be an object");
        } catch (StackOverflowError deep) {
            // The parser goes down with its text and has no limit of its own.
            return new Parsed.Bad<>("", TOO_DEEP);
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

    /** How many aliases there are says nothing about what they stand for; {@link YamlGrowth} bounds that. */
    static LoadSettings settings(String label) {
        return LoadSettings.builder()
                .setLabel(label)
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .build();
    }
}
