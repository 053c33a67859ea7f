package dev.perimeter.controlplane.sources.read;

import dev.perimeter.controlplane.model.RouteFilter;
import dev.perimeter.controlplane.model.RouteFilter.Header;
import dev.perimeter.controlplane.model.RouteFilter.HeaderEdit;
import dev.perimeter.controlplane.model.RouteFilter.PathChange;
import dev.perimeter.controlplane.sources.field.Fields;
import dev.perimeter.controlplane.sources.field.Form;
import dev.perimeter.controlplane.sources.field.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the filters of a rule. */
final class RouteFilterReader {
    private static final List<String> TYPES =
            List.of("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite");

    private RouteFilterReader() {}

    static List<RouteFilter> readAll(Fields rule) {
        List<RouteFilter> filters = new ArrayList<>();
        Set<Class<?>> kinds = new HashSet<>();
        for (Value item : rule.items("filters")) {
            @Nullable RouteFilter filter = item.object(RouteFilterReader::readOne);
            if (filter != null && kinds.add(filter.getClass())) {
                filters.add(filter);
            } else if (filter != null) {
                item.problem("is of a type the rule has already.", "Join the two.");
            }
        }
        if (kinds.contains(RouteFilter.Redirect.class) && kinds.contains(RouteFilter.Rewrite.class)) {
            rule.problem("filters", "hold both a redirect and a rewrite.", "Keep one of them.");
        }
        return filters;
    }

    private static @Nullable RouteFilter readOne(Fields fields) {
        Value type = fields.required("type", "Write one of " + String.join(", ", TYPES) + ".");
        if (type == null) {
            return null;
        }
        fields.unsupported("requestMirror", "Remove the filter.");
        fields.unsupported("extensionRef", "Remove the filter.");
        fields.unsupported("cors", "Remove the filter.");
        String word = type.word(TYPES, each -> each);
        if (word == null) {
            return null;
        }
        return switch (word) {
            case "RequestHeaderModifier" -> {
                HeaderEdit edit = config(fields, "requestHeaderModifier", RouteFilterReader::edit);
                yield edit == null ? null : new RouteFilter.RequestHeaders(edit);
            }
            case "ResponseHeaderModifier" -> {
                HeaderEdit edit = config(fields, "responseHeaderModifier", RouteFilterReader::edit);
                yield edit == null ? null : new RouteFilter.ResponseHeaders(edit);
            }
            case "RequestRedirect" -> config(fields, "requestRedirect", RouteFilterReader::redirect);
            default -> config(fields, "urlRewrite", RouteFilterReader::rewrite);
        };
    }

    private static <T> @Nullable T config(Fields fields, String name, Function<Fields, T> reader) {
        Value value = fields.required(name, "Say what the filter does.");
        return value == null ? null : value.object(reader);
    }

    private static HeaderEdit edit(Fields fields) {
        return new HeaderEdit(
                fields.list("set", RouteFilterReader::header),
                fields.list("add", RouteFilterReader::header),
                fields.items("remove").stream()
                        .map(name -> name.text(Form.TOKEN))
                        .toList());
    }

    private static Header header(Fields fields) {
        Value name = fields.required("name", "Name the header.");
        Value value = fields.required("value", "Write the header's value.");
        return new Header(
                name == null ? "" : name.text(Form.TOKEN), value == null ? "" : value.text(Form.HEADER_VALUE));
    }

    private static RouteFilter redirect(Fields fields) {
        Value scheme = fields.value("scheme");
        Value hostname = fields.value("hostname");
        Value port = fields.value("port");
        Value status = fields.value("statusCode");
        int code = status == null ? 302 : status.number(301, 302);
        return new RouteFilter.Redirect(
                scheme == null ? null : scheme.word(List.of("http", "https"), word -> word),
                hostname == null ? null : hostname.text(Form.HOST),
                port == null ? null : port.port(),
                fields.object("path", RouteFilterReader::path),
                code);
    }

    private static RouteFilter rewrite(Fields fields) {
        Value hostname = fields.value("hostname");
        return new RouteFilter.Rewrite(
                hostname == null ? null : hostname.text(Form.HOST),
                fields.object("path", RouteFilterReader::replacedPrefix));
    }

    private static String replacedPrefix(Fields fields) {
        if (path(fields) instanceof PathChange.Prefix prefix) {
            return prefix.value();
        }
        fields.problem("type", "is ReplaceFullPath, which a rewrite does not support yet.", "Use ReplacePrefixMatch.");
        return "/";
    }

    private static PathChange path(Fields fields) {
        Value type = fields.required("type", "Write ReplaceFullPath or ReplacePrefixMatch.");
        String word = type == null ? null : type.word(List.of("ReplaceFullPath", "ReplacePrefixMatch"), each -> each);
        boolean full = "ReplaceFullPath".equals(word);
        String name = full ? "replaceFullPath" : "replacePrefixMatch";
        Value value = fields.required(name, "Write the new path.");
        String text = value == null ? "/" : value.text(Form.PATH);
        return full ? new PathChange.Full(text) : new PathChange.Prefix(text);
    }
}
