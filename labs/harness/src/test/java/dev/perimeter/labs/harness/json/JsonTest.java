package dev.perimeter.labs.harness.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void value_writtenAndRead_isTheSame() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a \"quoted\"\\ line\nand a \u0001 \u00e9 \uD83D\uDE80");
        value.put("number", -12L);
        value.put("half", 0.5);
        value.put("truth", true);
        value.put("nothing", null);
        value.put("list", Arrays.asList(1L, null, List.of(), Map.of()));

        assertThat(Json.parse(Json.write(value))).isEqualTo(value);
        assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
    }

    @Test
    void escapes_ofAnotherWriter_areRead() {
        assertThat(Json.parse(" \"\\u00e9\\/\\b\\f\\t\\r\" ")).isEqualTo("\u00e9/\b\f\t\r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[1,]", "{\"a\"}", "tru", "1 2", "\"open", "\"\\x\"", "{\"a\":1,}", "-", "\"\\u12\""})
    void nonsense_isRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset");
    }

    @Test
    void depth_beyondBound_isRefusedInsteadOfOverflowingTheStack() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
