package dev.perimeter.proxy.sidecar.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.perimeter.proxy.filter.Parsed;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scalars of a file are, and what aliases may do. */
class YamlTreeTest {

    @Test
    void plainWords_areTruthsInAnyOfTheirCases() {
        assertThat(scalars("[yes, Yes, YES, y, on, True, no, No, OFF, n, false]"))
                .containsExactly(true, true, true, true, true, true, false, false, false, false, false);
    }

    @Test
    void wordsInQuotes_orInMixedCase_areTexts() {
        assertThat(scalars("[\"yes\", 'off', yEs, \"~\", \"0x10\", '1', \"\"]"))
                .containsExactly("yes", "off", "yEs", "~", "0x10", "1", "");
        assertThat(tree("it: |-\n  on")).isEqualTo(Map.of("it", "on"));
    }

    @Test
    void nothing_isSaidInFiveWays() {
        assertThat(scalars("{a: ~, b: null, c: Null, d: NULL, e: }")).containsOnlyNulls();
    }

    @Test
    void wholeNumbers_areReadToTheirBase() {
        assertThat(scalars("[0x10, 0XfF, 010, 0, -7, +7, 2147483647]"))
                .containsExactly(16, 255, 8, 0, -7, 7, Integer.MAX_VALUE);
    }

    @Test
    void whatIsNoSmallWholeNumber_staysAText() {
        assertThat(scalars("[08, 1.10, 1_000, 0o10, .inf, 2147483648, 0xFFFFFFFF, 99999999999999999999]"))
                .containsExactly(
                        "08", "1.10", "1_000", "0o10", ".inf", "2147483648", "4294967295", "99999999999999999999");
    }

    @Test
    void whatIsToBeIgnored_isLeftOut_andItsAnchorsAreKnown() {
        assertThat(tree("!ignore kept: [&a {b: on}]\nc: *a")).isEqualTo(Map.of("c", Map.of("b", true)));
    }

    @Test
    void firstDocument_counts() {
        assertThat(tree("a: 1\n---\na: 2")).isEqualTo(Map.of("a", 1));
    }

    @Test
    void aliasesThatMultiply_areRefusedWithTheirLine_beforeMemoryIsAtStake() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha]\n");
        for (int i = 1; i < 20; i++) {
            laughs.append("a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d]\n"
                    .formatted(i, i - 1));
        }
        assertThat(YamlTree.read("test", laughs.toString()))
                .isInstanceOfSatisfying(
                        Parsed.Bad.class,
                        bad -> assertThat(bad.sentence())
                                .contains("line 1: ")
                                .contains("aliases make too much of this"));
    }

    @Test
    void fileWithManyAliases_isReadAsAWhole() {
        assertThat(tree("a: &a {b: c}\nd: [" + "*a, ".repeat(5_000) + "*a]").get("d"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(5_001)
                .containsOnly(Map.of("b", "c"));
    }

    @ParameterizedTest
    @CsvSource({"on, `true` is yes or no", "123, `123` is a number", "0x10, `16` is a number"})
    void textThatIsNone_isRefusedByItsPath(String plain, String said) {
        assertThat(refusal("name: c\nload_assignment: {endpoints: [{locality: {zone: " + plain + "}}]}"))
                .startsWith("load_assignment.endpoints[0].locality.zone: ")
                .contains(said);
    }

    @Test
    void truthInPlaceOfANumber_isRefusedByItsPath() {
        assertThat(refusal("per_connection_buffer_limit_bytes: yes"))
                .isEqualTo("per_connection_buffer_limit_bytes: `true` must be a number");
        assertThat(refusal("lb_policy: on")).isEqualTo("lb_policy: `true` must be a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "\"yes\"", "'T'", "\"1\"", "True"})
    void truth_mayBeInQuotes(String written) {
        Cluster cluster = message("ignore_health_on_host_removal: " + written, Cluster.newBuilder());
        assertThat(cluster.getIgnoreHealthOnHostRemoval()).isTrue();
    }

    @Test
    void namesOfAnEnum_areTakenInAnyCase_andOneThingForAListOfIt() {
        Cluster cluster = message("lbPolicy: least_Request\nhealth_checks: {timeout: 1s}", Cluster.newBuilder());
        assertThat(cluster.getLbPolicy()).isEqualTo(Cluster.LbPolicy.LEAST_REQUEST);
        assertThat(cluster.getHealthChecksList()).hasSize(1);
    }

    @Test
    void numberThatMayBeMissing_mayBeWrittenAsAnObject() {
        Cluster cluster = message("per_connection_buffer_limit_bytes: {value: 0x10}", Cluster.newBuilder());
        assertThat(cluster.getPerConnectionBufferLimitBytes().getValue()).isEqualTo(16);
    }

    @Test
    void freeMetadata_takesWhatIsWritten() {
        Node node = message("id: a\nmetadata: {a: on, b: 0x10, c: 1.5, d: ~, e: \"on\"}", Node.newBuilder());
        assertThat(node.getMetadata().getFieldsMap())
                .hasEntrySatisfying("a", a -> assertThat(a.getBoolValue()).isTrue())
                .hasEntrySatisfying("b", b -> assertThat(b.getNumberValue()).isEqualTo(16))
                .hasEntrySatisfying("c", c -> assertThat(c.getStringValue()).isEqualTo("1.5"))
                .hasEntrySatisfying("d", d -> assertThat(d.hasNullValue()).isTrue())
                .hasEntrySatisfying("e", e -> assertThat(e.getStringValue()).isEqualTo("on"));
    }

    private static Map<?, ?> tree(String text) {
        return switch (YamlTree.read("test", text)) {
            case Parsed.Ok<Map<?, ?>>(Map<?, ?> tree) -> tree;
            case Parsed.Bad<Map<?, ?>> bad -> throw new AssertionError(bad.sentence());
        };
    }

    private static List<Object> scalars(String text) {
        Object values = tree("it: " + text).get("it");
        return Arrays.asList(((values instanceof Map<?, ?> map ? map.values() : (List<?>) values)).toArray());
    }

    @SuppressWarnings("unchecked") // the builder says what it builds
    private static <M extends Message> M message(String text, Message.Builder into) {
        return switch (ProtoTree.read(tree(text), into)) {
            case Parsed.Ok<Message.Builder>(Message.Builder builder) -> (M) builder.build();
            case Parsed.Bad<Message.Builder> bad -> throw new AssertionError(bad.sentence());
        };
    }

    private static String refusal(String text) {
        return switch (ProtoTree.read(tree(text), Cluster.newBuilder())) {
            case Parsed.Ok<Cluster.Builder> ok -> "nothing is wrong: " + ok;
            case Parsed.Bad<Cluster.Builder> bad -> bad.sentence();
        };
    }
}
