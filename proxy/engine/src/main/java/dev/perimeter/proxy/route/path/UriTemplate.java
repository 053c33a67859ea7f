package dev.perimeter.proxy.route.path;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.proxy.filter.Parsed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A path with places for values, e.g. {@code /orders/{id}/**} (Envoy: envoy.path.match.uri_template). {@code *} stands
 * for one element, {@code **} at the end for any number; {@code {name=...}} gives a name to what a part matched.
 *
 * <p>Implementation note: a template is a regular expression in other words, so it is made into one, which re2j matches
 * in linear time whatever a client sends.
 *
 * @param names of the groups of {@code pattern}, in order
 */
public record UriTemplate(String text, Pattern pattern, List<String> names) {

    /** Envoy's bound. */
    private static final int MOST_VARIABLES = 5;

    private static final String ELEMENT = "[a-zA-Z0-9._~%!$&'()+,;:@=-]+";
    private static final String REST = "(?:[a-zA-Z0-9._~%!$&'()+,;:@=/-]*)";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]*");
    private static final Pattern LITERAL = Pattern.compile("[a-zA-Z0-9._~%!$&'()+,;:@=-]*");

    public static Parsed<UriTemplate> parse(String template) {
        if (!template.startsWith("/")) {
            return new Parsed.Bad<>("", "`" + template + "` must begin with a slash");
        }
        StringBuilder regex = new StringBuilder();
        List<String> names = new ArrayList<>();
        boolean restSeen = false;
        for (String element : elements(template.substring(1))) {
            regex.append('/');
            String wrong = restSeen ? "** must be the last element" : element(element, regex, names);
            if (wrong != null) {
                return new Parsed.Bad<>("", "`" + template + "`: " + wrong);
            }
            restSeen = element.contains("**");
        }
        Set<String> distinct = new HashSet<>(names);
        if (distinct.size() < names.size() || names.size() > MOST_VARIABLES) {
            return new Parsed.Bad<>(
                    "", "`" + template + "` may name at most " + MOST_VARIABLES + " variables, each once");
        }
        try {
            return new Parsed.Ok<>(new UriTemplate(template, Pattern.compile(regex.toString()), List.copyOf(names)));
        } catch (PatternSyntaxException wrong) {
            return new Parsed.Bad<>("", "`" + template + "` is not a template: " + wrong.getDescription());
        }
    }

    public boolean matches(String path) {
        return pattern.matches(path);
    }

    /** The values by position of {@link #names}, or null if the path does not match. */
    @Nullable
    Matcher match(String path) {
        Matcher matcher = pattern.matcher(path);
        return matcher.matches() ? matcher : null;
    }

    /** Splits at slashes that stand in no braces. */
    private static List<String> elements(String text) {
        List<String> elements = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == '/' && depth == 0) {
                elements.add(text.substring(from, i));
                from = i + 1;
            }
        }
        elements.add(text.substring(from));
        return elements;
    }

    private static @Nullable String element(String element, StringBuilder regex, List<String> names) {
        if (!element.startsWith("{")) {
            return plain(element, regex);
        }
        if (!element.endsWith("}")) {
            return "a variable must be a whole element";
        }
        String inside = element.substring(1, element.length() - 1);
        int equals = inside.indexOf('=');
        String name = equals < 0 ? inside : inside.substring(0, equals);
        if (!NAME.matches(name)) {
            return "`" + name + "` is not a name of a variable";
        }
        names.add(name);
        regex.append('(');
        String separator = "";
        for (String part : (equals < 0 ? "*" : inside.substring(equals + 1)).split("/", -1)) {
            regex.append(separator);
            String wrong = plain(part, regex);
            if (wrong != null) {
                return wrong;
            }
            separator = "/";
        }
        regex.append(')');
        return null;
    }

    private static @Nullable String plain(String element, StringBuilder regex) {
        switch (element) {
            case "*" -> regex.append(ELEMENT);
            case "**" -> regex.append(REST);
            default -> {
                if (!LITERAL.matches(element)) {
                    return "`" + element + "` is neither *, ** nor a plain element";
                }
                regex.append(Pattern.quote(element));
            }
        }
        return null;
    }
}
