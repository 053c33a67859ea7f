package dev.perimeter.labs.harness.mesh.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReminderTest {
    private final List<String> said = new ArrayList<>();

    @Test
    void wait_isToldOnceAPause() {
        Reminder reminder = new Reminder(Duration.ZERO, said::add);

        reminder.waitingFor(() -> "for rain");

        assertThat(said).containsExactly("still waiting: for rain");
    }

    @Test
    void shortWait_isSilent() {
        Reminder reminder = new Reminder(Duration.ofHours(1), said::add);

        reminder.waitingFor(() -> "for rain");

        assertThat(said).isEmpty();
    }
}
