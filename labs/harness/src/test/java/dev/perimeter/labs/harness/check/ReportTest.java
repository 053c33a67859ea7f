package dev.perimeter.labs.harness.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.labs.harness.lab.Hints;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final Hints hints =
            new Hints(Map.of("10.4", List.of("How many bytes does it hold? Count them.", "two", "three")));

    @Test
    void failure_told_isAStoryWithACaretUnderTheDifference() {
        Story story = new Story()
                .did("Started", "LocalProxy in a process of its own")
                .did("Sent", "128 MB from order")
                .expect("the relay takes at most 8 MB");
        story.butGot("9 MB taken, and still taking", "still taking", "kept in memory");
        CheckResult failed = new CheckResult(
                "10.4", "A slow reader slows the writer", Status.FAIL, 9, "challenge", false, story, "");

        assertThat(new Report(hints, 4711).render(failed)).isEqualTo("""
            10.4 A slow reader slows the writer                                 FAIL  0/9
              1 Started   LocalProxy in a process of its own
              2 Sent      128 MB from order
              3 Expected  the relay takes at most 8 MB
                but got   9 MB taken, and still taking
                                          ^^^^^^^^^^^^ kept in memory
                Hint 1 of 3: How many bytes does it hold?   scripts/lab hint 10.4
                Replay: scripts/lab check 10.4 --seed 4711
            """);
    }

    @Test
    void results_inThreeStates_areCounted() {
        String text = new Report(hints, 1)
                .render(List.of(
                        result("10.1", Status.PASS, ""),
                        result("10.2", Status.TIMEOUT, ""),
                        result("10.5", Status.NOT_REACHED, "stands on 10.2, which has not passed")));

        assertThat(text)
                .contains("1 passed, 1 failed, 1 not reached; 4 of 12 points")
                .contains("stands on 10.2, which has not passed")
                .contains("Next: Nothing more came, and nothing ended.");
    }

    private static CheckResult result(String id, Status status, String note) {
        return new CheckResult(id, "A check", status, 4, "challenge", false, new Story(), note);
    }
}
