package dev.perimeter.proxy.route.path;

import com.google.re2j.Matcher;
import dev.perimeter.proxy.filter.Parsed;
import java.util.ArrayList;
import java.util.List;

/**
 * A new path made of what a {@link UriTemplate} matched, e.g. {@code /v2/{id}} (Envoy:
 * envoy.path.rewrite.uri_template). The query stays.
 */
public record TemplateRewrite(UriTemplate from, List<Part> parts) {

    /** A piece of the new path. */
    public sealed interface Part {

        record Literal(String text) implements Part {}

        /** @param group of the template's pattern, from 1 */
        record Variable(int group) implements Part {}
    }

    public static Parsed<TemplateRewrite> parse(UriTemplate from, String text) {
        if (!text.startsWith("/")) {
            return new Parsed.Bad<>("", "`" + text + "` must begin with a slash");
        }
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('{', at);
            if (open < 0) {
                parts.add(new Part.Literal(text.substring(at)));
                break;
            }
            int close = text.indexOf('}', open);
            int group = close < 0 ? 0 : from.names().indexOf(text.substring(open + 1, close)) + 1;
            if (group == 0) {
                return new Parsed.Bad<>(
                        "", "`" + text + "` may hold only the variables of the match, which are " + from.names());
            }
            if (open > at) {
                parts.add(new Part.Literal(text.substring(at, open)));
            }
            parts.add(new Part.Variable(group));
            at = close + 1;
        }
        return new Parsed.Ok<>(new TemplateRewrite(from, List.copyOf(parts)));
    }

    /** @param path without its query */
    public String apply(String path) {
        Matcher matcher = from.match(path);
        if (matcher == null) {
            return path;
        }
        StringBuilder out = new StringBuilder(path.length());
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String text) -> out.append(text);
                case Part.Variable(int group) -> out.append(matcher.group(group));
            }
        }
        return out.toString();
    }
}
