package dev.perimeter.gateway.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.controlplane.contract.fields.Documented;
import dev.perimeter.proxy.filter.FilterKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The catalogue is whole: each filter once, with a test class, its lists of fields and an example. */
class GatewayFiltersTest {

    @Test
    void eachFilter_hasATestClass_itsListsAndAnExample() throws Exception {
        assertThat(GatewayFilters.all()).extracting(FilterKind::typeUrl).doesNotHaveDuplicates();
        for (FilterKind kind : GatewayFilters.all()) {
            Class<?> type = kind.getClass();
            assertThat(Class.forName(type.getName() + "Test")).isNotNull();
            assertThat(((Documented) kind).fieldLists())
                    .extracting(
                            list -> "type.googleapis.com/" + list.descriptor().getFullName())
                    .contains(kind.typeUrl());
            assertThat(type.getResourceAsStream(type.getSimpleName() + ".yaml"))
                    .as("src/main/resources: an example for %s, as the others have", type.getSimpleName())
                    .isNotNull()
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("# ")
                    .contains("\n# The example ")
                    .contains(kind.typeUrl());
        }
    }
}
