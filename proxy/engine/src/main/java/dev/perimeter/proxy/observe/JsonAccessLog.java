package dev.perimeter.proxy.observe;

import dev.perimeter.proxy.filter.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One JSON object a line. Everything that does not change from line to line is bytes already when the config is read. */
final class JsonAccessLog implements AccessLog {

    /** @param before what stands between the previous value and this one */
    private record Field(byte[] before, CommandFormat value) {}

    private final Field[] fields;
    private final byte[] end;

    private JsonAccessLog(Field[] fields, byte[] end) {
        this.fields = fields;
        this.end = end;
    }

    static Parsed<AccessLog> parse(Map<String, Object> fields) {
        List<Field> parsed = new ArrayList<>();
        LineBuffer literal = new LineBuffer(128);
        char separator = '{';
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            literal.raw(separator);
            separator = ',';
            literal.raw('"');
            literal.escaped(field.getKey());
            literal.raw('"');
            literal.raw(':');
            if (field.getValue() instanceof Number || field.getValue() instanceof Boolean) {
                literal.escaped(number(field.getValue()));
                continue;
            }
            if (!(field.getValue() instanceof String text)) {
                return new Parsed.Bad<>("json_format." + field.getKey(), "must be a string, a number or a boolean");
            }
            switch (CommandFormat.parse(text)) {
                case Parsed.Bad<CommandFormat> bad -> {
                    return new Parsed.Bad<>("json_format." + field.getKey(), bad.sentence());
                }
                case Parsed.Ok<CommandFormat>(CommandFormat format)
                when format.isLiteral() -> {
                    literal.raw('"');
                    literal.escaped(text.replace("%%", "%"));
                    literal.raw('"');
                }
                case Parsed.Ok<CommandFormat>(CommandFormat format) -> parsed.add(new Field(literal.take(), format));
            }
        }
        if (separator == '{') {
            literal.raw('{');
        }
        literal.raw('}');
        literal.raw('\n');
        return new Parsed.Ok<>(new JsonAccessLog(parsed.toArray(Field[]::new), literal.take()));
    }

    /** Protobuf's Struct knows doubles only; a whole one reads better as a whole number. */
    private static String number(Object value) {
        return value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15
                ? Long.toString(d.longValue())
                : value.toString();
    }

    @Override
    public void write(Journal journal, LineBuffer out) {
        for (Field field : fields) {
            out.raw(field.before());
            field.value().json(journal, out);
        }
        out.raw(end);
    }
}
