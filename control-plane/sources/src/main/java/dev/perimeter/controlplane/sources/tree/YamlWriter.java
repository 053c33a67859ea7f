package dev.perimeter.controlplane.sources.tree;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes a tree as a YAML document that {@link YamlTree} reads back as the same tree, lines apart. */
public final class YamlWriter {
    private YamlWriter() {}

    /** The document, with a line break at its end. */
    public static String write(Tree tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(120)
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(plain(tree));
    }

    private static @Nullable Object plain(Tree tree) {
        return switch (tree) {
            case Tree.Mapping mapping -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                mapping.fields().forEach(field -> fields.put(field.name(), plain(field.value())));
                yield fields;
            }
            case Tree.Sequence sequence ->
                sequence.items().stream().map(YamlWriter::plain).toList();
            case Tree.Scalar scalar ->
                switch (scalar.type()) {
                    case TEXT -> scalar.text();
                    case NUMBER -> number(scalar.text());
                    case BOOLEAN -> Boolean.valueOf(scalar.text());
                    case NULL -> null;
                };
        };
    }

    private static Object number(String text) {
        if (text.matches("[-+]?[0-9]+")) {
            return new BigInteger(text);
        }
        // Infinity, hexadecimal and octal numbers have no place in a resource; keeping the text keeps the sentence
        // a reader will say about it.
        return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?") ? new BigDecimal(text).doubleValue() : text;
    }
}
