package dev.perimeter.proxy.route.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathCleaningTest {

    @ParameterizedTest
    @CsvSource({
        "/orders/../x, /x",
        "/orders/./x, /orders/x",
        "/a/b/.., /a/",
        "/a/b/., /a/b/",
        "/.., /",
        "/../../a, /a",
        "/%2e%2e/a, /a",
        "/a/%2E%2e/b, /b",
        "/a%2Fb, /a%2Fb",
        "/%61%7Eb, /a~b",
        "/a\\..\\b, /b",
        "/a//../b, /a/b",
        "/a/...?x=/../y, /a/...?x=/../y",
        "/a/b?x=%2e%2e/, /a/b?x=%2e%2e/",
        "/a%zz, /a%zz",
        "/a%2, /a%2",
        "/a..b/.c, /a..b/.c",
        "/a/..;/b, /b",
        "/a/..;x=1;y/b, /b",
        "/a/.;/b, /a/b",
        "/a/b/..;v, /a/",
        "/a/%2e%2e;/b, /b",
        "/a/..%3b/b, /a/..%3b/b",
        "/a/...;/b;x=..;/x..;/;/c, /a/...;/b;x=..;/x..;/;/c",
        "/a?b=/..;/c, /a?b=/..;/c",
        "/, /",
        "'*', '*'"
    })
    void normalised_followsDotsAndPlainEscapes(String path, String expected) {
        assertThat(PathCleaning.normalised(path)).isEqualTo(expected);
    }

    @Test
    void normalised_againChangesNothing() {
        java.util.SplittableRandom random = new java.util.SplittableRandom(3);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int j = random.nextInt(8); j > 0; j--) {
                path.append(new String[] {"a", ".", "..", "/", "%2e", "%41", "\\", ";"}[random.nextInt(8)]);
            }
            String once = PathCleaning.normalised(path.toString());
            assertThat(once)
                    .as("%s", path)
                    .isNotNull()
                    .startsWith("/")
                    .doesNotContain("/../")
                    .doesNotContain("/..;")
                    .doesNotContain("/./");
            assertThat(PathCleaning.normalised(once)).as("%s", path).isEqualTo(once);
        }
    }

    @Test
    void normalised_zeroByte_isNone() {
        assertThat(PathCleaning.normalised("/a%00")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"//a///b/, /a/b/", "/a/b?c=//d, /a/b?c=//d", "/a//?b//c, /a/?b//c", "/, /"})
    void singleSlashes(String path, String expected) {
        assertThat(PathCleaning.withSingleSlashes(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/a%2fb%5Cc, /a/b\\c", "/a?b=%2f, /a?b=%2f", "/a%2, /a%2", "/%252f, /%252f"})
    void plainSlashes(String path, String expected) {
        assertThat(PathCleaning.withPlainSlashes(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example.:80, shop.example:80",
        "shop.example., shop.example",
        "shop, shop",
        "., .",
        "[::1]:80, [::1]:80"
    })
    void trailingDot(String authority, String expected) {
        assertThat(Authorities.withoutTrailingDot(authority)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"shop:80, shop", "shop:8080, shop:8080", "[::1]:80, [::1]", "shop, shop"})
    void port_isTakenAwayIfItIsThatOne(String authority, String expected) {
        assertThat(Authorities.withoutPort(authority, 80)).isEqualTo(expected);
    }
}
