package dev.perimeter.endtoend.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.evidence.Alarm;
import dev.perimeter.labs.harness.site.LabHome;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the processes of the mesh may warn of when others are killed or get nonsense. Any other warning fails the story,
 * a leaked buffer first of all.
 */
final class ExpectedAlarms {

    private static final List<Pattern> EXPECTED = List.of();

    private ExpectedAlarms() {}

    static void assertNoOther(LabHome home) {
        assertThat(Alarm.of(home))
                .filteredOn(alarm -> EXPECTED.stream()
                        .noneMatch(pattern -> pattern.matcher(alarm.toString()).find()))
                .as("unexpected warnings of the mesh's processes")
                .isEmpty();
    }
}
