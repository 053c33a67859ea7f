package dev.perimeter.proxy.route.path;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.perimeter.proxy.filter.Parsed;

/**
 * Replaces every part of a text that a pattern matches (Envoy: RegexMatchAndSubstitute). In the substitution {@code \1}
 * to {@code \9} stand for groups, {@code \0} for the whole match and {@code \\} for a backslash.
 */
public record RegexRewrite(Pattern pattern, String substitution) {

    /** Refuses a substitution that names a group the pattern does not have. */
    public static Parsed<RegexRewrite> of(Pattern pattern, String substitution) {
        for (int at = substitution.indexOf('\\'); at >= 0; at = substitution.indexOf('\\', at + 2)) {
            char next = at + 1 < substitution.length() ? substitution.charAt(at + 1) : ' ';
            boolean group = next >= '0' && next <= '9';
            if (!group && next != '\\') {
                return new Parsed.Bad<>(
                        "substitution", "`" + substitution + "` must have a digit or a backslash after each backslash");
            }
            if (group && next - '0' > pattern.groupCount()) {
                return new Parsed.Bad<>(
                        "substitution",
                        "`" + substitution + "` names group " + next + ", and the pattern has " + pattern.groupCount());
            }
        }
        return new Parsed.Ok<>(new RegexRewrite(pattern, substitution));
    }

    public String apply(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + substitution.length());
        int copied = 0;
        do {
            out.append(text, copied, matcher.start());
            expand(matcher, out);
            copied = matcher.end();
        } while (matcher.find());
        return out.append(text, copied, text.length()).toString();
    }

    private void expand(Matcher matcher, StringBuilder out) {
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            i++;
            char group = substitution.charAt(i);
            if (group == '\\') {
                out.append(group);
            } else {
                String value = matcher.group(group - '0');
                out.append(value == null ? "" : value);
            }
        }
    }
}
