package dev.perimeter.proxy.route.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import dev.perimeter.proxy.filter.Parsed;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRewriteTest {

    @ParameterizedTest
    @CsvSource({
        "^/service/([^/]+)(/.*)$, '\\2/instance/\\1', /service/foo/v1/api, /v1/api/instance/foo",
        "one, two, /xxx/one/yyy/one/zzz, /xxx/two/yyy/two/zzz",
        "^(.*?)one(.*)$, '\\1two\\2', /xxx/one/yyy/one/zzz, /xxx/two/yyy/one/zzz",
        "(?i)/xxx/, /yyy/, /aaa/XxX/bbb, /aaa/yyy/bbb",
        "none, x, /a, /a"
    })
    void regex_substitutesAsEnvoysDocumentationSays(String pattern, String substitution, String path, String expected) {
        assertThat(RegexRewrite.of(Pattern.compile(pattern), substitution))
                .isInstanceOfSatisfying(
                        Parsed.Ok.class,
                        ok -> assertThat(((RegexRewrite) ok.value()).apply(path))
                                .isEqualTo(expected));
    }

    @ParameterizedTest
    @CsvSource({"a, '\\1'", "a, '\\x'", "a, 'b\\'"})
    void regex_substitutionOfWhatIsNotThere_isRefused(String pattern, String substitution) {
        assertThat(RegexRewrite.of(Pattern.compile(pattern), substitution)).isInstanceOf(Parsed.Bad.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/bar/*/foo, /bar/x/foo, true",
        "/bar/*/foo, /bar/x/y/foo, false",
        "/bar/**, /bar/x/y, true",
        "/bar/**, /bar/, true",
        "/{country}/{lang=*}/**, /de/en/x/y, true",
        "/v1/{name=shops/*/items}, /v1/shops/a/items, true",
        "/v1/{name=shops/*/items}, /v1/shops/a/parts, false",
        "/a.b, /axb, false"
    })
    void template_matchesByElements(String template, String path, boolean matches) {
        assertThat(template(template).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"a", "/**/a", "/{a}/{a}", "/a*b", "/{1a}", "/{a", "/{a}{b}", "/{a}/{b}/{c}/{d}/{e}/{f}"})
    void template_thatIsNone_isRefused(String template) {
        assertThat(UriTemplate.parse(template)).isInstanceOf(Parsed.Bad.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/{country}/{lang=*}/**, /{lang}/{country}, /de/en/x, /en/de",
        "/v1/{rest=**}, /v2/{rest}, /v1/a/b, /v2/a/b",
        "/{a}/x, /fixed, /1/x, /fixed"
    })
    void templateRewrite_putsTheValuesIn(String template, String rewrite, String path, String expected) {
        assertThat(TemplateRewrite.parse(template(template), rewrite))
                .isInstanceOfSatisfying(
                        Parsed.Ok.class,
                        ok -> assertThat(((TemplateRewrite) ok.value()).apply(path))
                                .isEqualTo(expected));
    }

    private static UriTemplate template(String text) {
        return switch (UriTemplate.parse(text)) {
            case Parsed.Ok<UriTemplate>(UriTemplate template) -> template;
            case Parsed.Bad<UriTemplate> bad -> throw new AssertionError(bad.sentence());
        };
    }
}
