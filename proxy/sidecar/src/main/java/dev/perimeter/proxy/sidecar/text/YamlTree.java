package dev.perimeter.proxy.sidecar.text;

import dev.perimeter.proxy.filter.Parsed;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** YAML or JSON (which is YAML too) as a tree of maps, lists and scalars. */
public final class YamlTree {

    /** As deep as protobuf's JSON may go; a file that lists itself by an alias has no bottom at all. */
    private static final int DEEPEST = 100;

    private static final String TOO_DEEP = "is nested too deeply; " + DEEPEST + " levels are the most";

    private YamlTree() {}

    /** The object that the text holds, or why it holds none, with the line. Never throws. */
    public static Parsed<Map<?, ?>> read(String label, String text) {
        try {
            Object tree = new Load(LoadSettings.builder().setLabel(label).build()).loadFromString(text);
            if (isDeeper(tree, DEEPEST)) {
                return new Parsed.Bad<>("", TOO_DEEP);
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

    private static boolean isDeeper(@Nullable Object tree, int levels) {
        Iterable<?> parts =
                tree instanceof Map<?, ?> map ? map.values() : tree instanceof List<?> list ? list : List.of();
        for (Object part : parts) {
            if (levels == 0 || isDeeper(part, levels - 1)) {
                return true;
            }
        }
        return false;
    }
}
