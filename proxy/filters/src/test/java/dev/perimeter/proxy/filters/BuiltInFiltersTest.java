package dev.perimeter.proxy.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.controlplane.contract.fields.FieldList;
import dev.perimeter.proxy.filter.FilterKind;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue is whole: each filter once, with a test class, and with lists that speak of fields there are. */
class BuiltInFiltersTest {

    static Stream<FilterKind> kinds() {
        return BuiltInFilters.all().stream();
    }

    static Stream<FieldList> lists() {
        return kinds().flatMap(kind -> ((Documented) kind).fieldLists().stream())
                .flatMap(list -> list.all().stream())
                .distinct();
    }

    @Test
    void catalogue_hasEachKindOnce() {
        assertThat(BuiltInFilters.all()).extracting(FilterKind::typeUrl).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachFilter_hasATestClass(FilterKind kind) throws Exception {
        assertThat(Class.forName(kind.getClass().getName() + "Test")).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachFilter_hasAnExampleThatSaysWhatItDoes(FilterKind kind) {
        String name = kind.getClass().getSimpleName();
        assertThat(kind.getClass().getResourceAsStream(name + ".yaml"))
                .as("src/main/resources: an example for %s, as the others have", name)
                .isNotNull()
                .asString(StandardCharsets.UTF_8)
                .startsWith("# ")
                .contains("\n# The example ")
                .contains(kind.typeUrl());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void typeUrls_areThoseOfTheMessagesThatAreRead(FilterKind kind) {
        assertThat(((Documented) kind).fieldLists())
                .extracting(list -> "type.googleapis.com/" + list.descriptor().getFullName())
                .contains(kind.typeUrl())
                .containsAll(kind.routeTypeUrls());
    }

    @ParameterizedTest
    @MethodSource("lists")
    void listedFields_areFieldsOfTheirMessage(FieldList list) {
        assertThat(list.listed())
                .allSatisfy(number -> assertThat(list.descriptor().findFieldByNumber(number))
                        .as("field #%s of %s", number, list.descriptor().getFullName())
                        .isNotNull());
    }
}
