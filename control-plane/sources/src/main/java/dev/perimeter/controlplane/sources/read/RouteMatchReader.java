package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.RouteMatch;
import dev.perimeter.controlplane.model.RouteMatch.Named;
import dev.perimeter.controlplane.model.RouteMatch.Path;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.List;

/** Reads one of a rule's matches. */
final class RouteMatchReader {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private RouteMatchReader() {}

    static RouteMatch read(Fields fields) {
        Path path = fields.object("path", RouteMatchReader::path);
        Value method = fields.value("method");
        return new RouteMatch(
                path == null ? new Path.Prefix("/") : path,
                method == null ? null : method.word(METHODS, word -> word),
                fields.list("headers", RouteMatchReader::named),
                fields.list("queryParams", RouteMatchReader::named));
    }

    private static Path path(Fields fields) {
        Value type = fields.value("type");
        List<String> types = List.of("PathPrefix", "Exact", "RegularExpression");
        String word = type == null ? null : type.word(types, each -> each);
        boolean regex = "RegularExpression".equals(word);
        Value value = fields.value("value");
        String text = value == null ? "/" : value.text(regex ? Form.REGEX : Form.PATH);
        return switch (word == null ? "PathPrefix" : word) {
            case "Exact" -> new Path.Exact(text);
            case "RegularExpression" -> new Path.Regex(text);
            // A trailing slash has no meaning in a prefix: it is compared element by element.
            default -> new Path.Prefix(text.length() > 1 && text.endsWith("/") ? strip(text) : text);
        };
    }

    private static String strip(String path) {
        String stripped = path.replaceAll("/+$", "");
        return stripped.isEmpty() ? "/" : stripped;
    }

    private static Named named(Fields fields) {
        Value type = fields.value("type");
        String word = type == null ? null : type.word(List.of("Exact", "RegularExpression"), each -> each);
        boolean regex = "RegularExpression".equals(word);
        Value name = fields.required("name", "Name what is compared.");
        Value value = fields.required("value", "Write the value to compare with.");
        return new Named(
                name == null ? "" : name.text(Form.TOKEN),
                value == null ? "" : regex ? value.text(Form.REGEX) : value.text(),
                regex);
    }
}
