package dev.perimeter.proxy.xds.resource.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.Parsed;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import dev.perimeter.proxy.route.path.RegexRewrite;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Int64Range;
import java.util.ArrayList;
import java.util.List;

/** Conditions on headers and query parameters. */
public final class ValueMatchReader {

    @SuppressWarnings("deprecation") // the engine choice of old control planes names the only engine there is
    static final FieldList REGEX = FieldList.of(RegexMatcher::getDescriptor)
            .honoured(RegexMatcher.REGEX_FIELD_NUMBER)
            .harmless(RegexMatcher.GOOGLE_RE2_FIELD_NUMBER);

    static final FieldList REGEX_REWRITE = FieldList.of(RegexMatchAndSubstitute::getDescriptor)
            .inside(RegexMatchAndSubstitute.PATTERN_FIELD_NUMBER, REGEX)
            .honoured(RegexMatchAndSubstitute.SUBSTITUTION_FIELD_NUMBER);

    static final FieldList STRING = FieldList.of(StringMatcher::getDescriptor)
            .honoured(
                    StringMatcher.EXACT_FIELD_NUMBER,
                    StringMatcher.PREFIX_FIELD_NUMBER,
                    StringMatcher.SUFFIX_FIELD_NUMBER,
                    StringMatcher.CONTAINS_FIELD_NUMBER,
                    StringMatcher.IGNORE_CASE_FIELD_NUMBER)
            .inside(StringMatcher.SAFE_REGEX_FIELD_NUMBER, REGEX);

    @SuppressWarnings("deprecation") // older control planes name the test without string_match
    public static final FieldList HEADER = FieldList.of(HeaderMatcher::getDescriptor)
            .honoured(
                    HeaderMatcher.NAME_FIELD_NUMBER,
                    HeaderMatcher.PRESENT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.EXACT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.PREFIX_MATCH_FIELD_NUMBER,
                    HeaderMatcher.SUFFIX_MATCH_FIELD_NUMBER,
                    HeaderMatcher.CONTAINS_MATCH_FIELD_NUMBER,
                    HeaderMatcher.INVERT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.TREAT_MISSING_HEADER_AS_EMPTY_FIELD_NUMBER)
            .inside(
                    HeaderMatcher.RANGE_MATCH_FIELD_NUMBER,
                    FieldList.of(Int64Range::getDescriptor)
                            .honoured(Int64Range.START_FIELD_NUMBER, Int64Range.END_FIELD_NUMBER))
            .inside(HeaderMatcher.SAFE_REGEX_MATCH_FIELD_NUMBER, REGEX)
            .inside(HeaderMatcher.STRING_MATCH_FIELD_NUMBER, STRING);

    static final FieldList QUERY = FieldList.of(QueryParameterMatcher::getDescriptor)
            .honoured(QueryParameterMatcher.NAME_FIELD_NUMBER, QueryParameterMatcher.PRESENT_MATCH_FIELD_NUMBER)
            .inside(QueryParameterMatcher.STRING_MATCH_FIELD_NUMBER, STRING);

    private ValueMatchReader() {}

    @SuppressWarnings("deprecation") // see HEADER
    public static ValueMatch header(HeaderMatcher matcher, Place place) {
        String name = Names.required(matcher.getName(), place.in("name"));
        boolean absent = matcher.hasPresentMatch() && !matcher.getPresentMatch();
        Test test = switch (matcher.getHeaderMatchSpecifierCase()) {
            case STRING_MATCH -> string(matcher.getStringMatch(), place.in("string_match"));
            case EXACT_MATCH -> new Test.Exact(matcher.getExactMatch());
            case PREFIX_MATCH -> new Test.Prefix(Names.required(matcher.getPrefixMatch(), place.in("prefix_match")));
            case SUFFIX_MATCH -> new Test.Suffix(Names.required(matcher.getSuffixMatch(), place.in("suffix_match")));
            case CONTAINS_MATCH ->
                new Test.Contains(Names.required(matcher.getContainsMatch(), place.in("contains_match")), false);
            case SAFE_REGEX_MATCH -> new Test.Regex(regex(matcher.getSafeRegexMatch(), place.in("safe_regex_match")));
            case RANGE_MATCH ->
                new Test.Range(
                        matcher.getRangeMatch().getStart(),
                        matcher.getRangeMatch().getEnd());
            case PRESENT_MATCH, HEADERMATCHSPECIFIER_NOT_SET -> new Test.Present();
        };
        return new ValueMatch(name, test, matcher.getInvertMatch() != absent, matcher.getTreatMissingHeaderAsEmpty());
    }

    static ValueMatch query(QueryParameterMatcher matcher, Place place) {
        String name = Names.required(matcher.getName(), place.in("name"));
        boolean absent = matcher.hasPresentMatch() && !matcher.getPresentMatch();
        Test test = matcher.hasStringMatch()
                ? string(matcher.getStringMatch(), place.in("string_match"))
                : new Test.Present();
        return new ValueMatch(name, test, absent);
    }

    static Pattern regex(RegexMatcher matcher, Place place) {
        Names.required(matcher.getRegex(), place.in("regex"));
        try {
            return Pattern.compile(matcher.getRegex());
        } catch (PatternSyntaxException wrong) {
            place.in("regex")
                    .refuse("`" + matcher.getRegex() + "` is not a regular expression: " + wrong.getDescription());
            return Pattern.compile("");
        }
    }

    static RegexRewrite rewrite(RegexMatchAndSubstitute rewrite, Place place) {
        Pattern pattern = regex(rewrite.getPattern(), place.in("pattern"));
        return switch (RegexRewrite.of(pattern, rewrite.getSubstitution())) {
            case Parsed.Ok<RegexRewrite>(RegexRewrite value) -> value;
            case Parsed.Bad<RegexRewrite>(String path, String reason) -> {
                place.refuse(path, reason);
                yield new RegexRewrite(pattern, "");
            }
        };
    }

    static List<Test> strings(List<StringMatcher> matchers, Place place, String field) {
        List<Test> tests = new ArrayList<>();
        for (int i = 0; i < matchers.size(); i++) {
            tests.add(string(matchers.get(i), place.in(field, i)));
        }
        return tests;
    }

    private static Test string(StringMatcher matcher, Place place) {
        boolean ignoreCase = matcher.getIgnoreCase();
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new Test.Exact(matcher.getExact(), ignoreCase);
            case PREFIX -> new Test.Prefix(Names.required(matcher.getPrefix(), place.in("prefix")), ignoreCase);
            case SUFFIX -> new Test.Suffix(Names.required(matcher.getSuffix(), place.in("suffix")), ignoreCase);
            case CONTAINS -> new Test.Contains(Names.required(matcher.getContains(), place.in("contains")), ignoreCase);
            // Case is the expression's own business: (?i).
            case SAFE_REGEX -> new Test.Regex(regex(matcher.getSafeRegex(), place.in("safe_regex")));
            default -> {
                place.refuse("needs one of exact, prefix, suffix, contains and safe_regex");
                yield new Test.Present();
            }
        };
    }
}
