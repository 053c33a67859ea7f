package dev.perimeter.proxy.filters.field;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.ArrayList;
import java.util.List;

/** Conditions on headers and texts, as routes have them; read anew here because filters and xDS never see each other. */
public final class Conditions {

    @SuppressWarnings("deprecation") // the engine choice of old control planes names the only engine there is
    private static final FieldList REGEX = FieldList.of(RegexMatcher::getDescriptor)
            .honoured(RegexMatcher.REGEX_FIELD_NUMBER)
            .harmless(RegexMatcher.GOOGLE_RE2_FIELD_NUMBER);

    public static final FieldList TEXT = FieldList.of(StringMatcher::getDescriptor)
            .honoured(
                    StringMatcher.EXACT_FIELD_NUMBER,
                    StringMatcher.PREFIX_FIELD_NUMBER,
                    StringMatcher.SUFFIX_FIELD_NUMBER,
                    StringMatcher.CONTAINS_FIELD_NUMBER,
                    StringMatcher.IGNORE_CASE_FIELD_NUMBER)
            .inside(StringMatcher.SAFE_REGEX_FIELD_NUMBER, REGEX);

    public static final FieldList HEADER = FieldList.of(HeaderMatcher::getDescriptor)
            .honoured(
                    HeaderMatcher.NAME_FIELD_NUMBER,
                    HeaderMatcher.PRESENT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.INVERT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.TREAT_MISSING_HEADER_AS_EMPTY_FIELD_NUMBER)
            .inside(
                    HeaderMatcher.RANGE_MATCH_FIELD_NUMBER,
                    FieldList.of(Int64Range::getDescriptor)
                            .honoured(Int64Range.START_FIELD_NUMBER, Int64Range.END_FIELD_NUMBER))
            .inside(HeaderMatcher.STRING_MATCH_FIELD_NUMBER, TEXT);

    private Conditions() {}

    /** To be met all. */
    public static List<ValueMatch> headers(List<HeaderMatcher> matchers, Field parent, String name) {
        List<ValueMatch> conditions = new ArrayList<>(matchers.size());
        for (int i = 0; i < matchers.size(); i++) {
            conditions.add(header(matchers.get(i), parent.in(name, i)));
        }
        return List.copyOf(conditions);
    }

    private static ValueMatch header(HeaderMatcher matcher, Field field) {
        if (matcher.getName().isEmpty()) {
            field.in("name").refuse("must not be empty");
        }
        boolean absent = matcher.hasPresentMatch() && !matcher.getPresentMatch();
        Test test = matcher.hasStringMatch()
                ? text(matcher.getStringMatch(), field.in("string_match"))
                : matcher.hasRangeMatch()
                        ? new Test.Range(
                                matcher.getRangeMatch().getStart(),
                                matcher.getRangeMatch().getEnd())
                        : new Test.Present();
        return new ValueMatch(
                matcher.getName(), test, matcher.getInvertMatch() != absent, matcher.getTreatMissingHeaderAsEmpty());
    }

    public static Test text(StringMatcher matcher, Field field) {
        boolean ignoreCase = matcher.getIgnoreCase();
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new Test.Exact(matcher.getExact(), ignoreCase);
            case PREFIX -> new Test.Prefix(matcher.getPrefix(), ignoreCase);
            case SUFFIX -> new Test.Suffix(matcher.getSuffix(), ignoreCase);
            case CONTAINS -> new Test.Contains(matcher.getContains(), ignoreCase);
            case SAFE_REGEX -> regex(matcher.getSafeRegex().getRegex(), field.in("safe_regex.regex"));
            default -> {
                field.refuse("needs one of exact, prefix, suffix, contains and safe_regex");
                yield new Test.Present();
            }
        };
    }

    private static Test regex(String expression, Field field) {
        try {
            return new Test.Regex(Pattern.compile(expression));
        } catch (PatternSyntaxException wrong) {
            field.refuse("`" + expression + "` is not a regular expression: " + wrong.getDescription());
            return new Test.Present();
        }
    }
}
