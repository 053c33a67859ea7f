package dev.perimeter.proxy.xds.resource.http;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch;
import dev.perimeter.proxy.route.RouteMatch.ValueMatch.Test;
import dev.perimeter.proxy.xds.resource.field.Names;
import dev.perimeter.proxy.xds.resource.field.Place;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;

/** Conditions on headers and query parameters. */
final class ValueMatchReader {

    @SuppressWarnings("deprecation") // the engine choice of old control planes names the only engine there is
    static final FieldList REGEX = FieldList.of(RegexMatcher::getDescriptor)
            .honoured(RegexMatcher.REGEX_FIELD_NUMBER)
            .harmless(RegexMatcher.GOOGLE_RE2_FIELD_NUMBER);

    private static final FieldList STRING = FieldList.of(StringMatcher::getDescriptor)
            .honoured(
                    StringMatcher.EXACT_FIELD_NUMBER,
                    StringMatcher.PREFIX_FIELD_NUMBER,
                    StringMatcher.SUFFIX_FIELD_NUMBER)
            .inside(StringMatcher.SAFE_REGEX_FIELD_NUMBER, REGEX);

    static final FieldList HEADER = FieldList.of(HeaderMatcher::getDescriptor)
            .honoured(
                    HeaderMatcher.NAME_FIELD_NUMBER,
                    HeaderMatcher.PRESENT_MATCH_FIELD_NUMBER,
                    HeaderMatcher.INVERT_MATCH_FIELD_NUMBER)
            .inside(HeaderMatcher.STRING_MATCH_FIELD_NUMBER, STRING);

    static final FieldList QUERY = FieldList.of(QueryParameterMatcher::getDescriptor)
            .honoured(QueryParameterMatcher.NAME_FIELD_NUMBER, QueryParameterMatcher.PRESENT_MATCH_FIELD_NUMBER)
            .inside(QueryParameterMatcher.STRING_MATCH_FIELD_NUMBER, STRING);

    private ValueMatchReader() {}

    static ValueMatch header(HeaderMatcher matcher, Place place) {
        String name = Names.required(matcher.getName(), place.in("name"));
        boolean absent = matcher.hasPresentMatch() && !matcher.getPresentMatch();
        Test test = matcher.hasStringMatch()
                ? string(matcher.getStringMatch(), place.in("string_match"))
                : new Test.Present();
        return new ValueMatch(name, test, matcher.getInvertMatch() != absent);
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

    private static Test string(StringMatcher matcher, Place place) {
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new Test.Exact(matcher.getExact());
            case PREFIX -> new Test.Prefix(Names.required(matcher.getPrefix(), place.in("prefix")));
            case SUFFIX -> new Test.Suffix(Names.required(matcher.getSuffix(), place.in("suffix")));
            case SAFE_REGEX -> new Test.Regex(regex(matcher.getSafeRegex(), place.in("safe_regex")));
            default -> {
                place.refuse("needs one of exact, prefix, suffix and safe_regex");
                yield new Test.Present();
            }
        };
    }
}
