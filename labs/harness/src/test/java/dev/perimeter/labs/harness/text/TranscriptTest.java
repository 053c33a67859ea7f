package dev.perimeter.labs.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TranscriptTest {

    private final Transcript transcript = new Transcript();

    @Test
    void placeholder_usedAgain_standsForTheSameWord() {
        assertThat(transcript.difference(List.of("order {id}: PAID"), List.of("order 7f: PAID")))
                .isEmpty();

        assertThat(transcript.difference(List.of("again {id}"), List.of("again 7f")))
                .isEmpty();
        assertThat(transcript.difference(List.of("again {id}"), List.of("again 80")))
                .contains("promised: again {id}\n printed: again 80");
    }

    @Test
    void columns_movedByALongerWord_areEqual() {
        assertThat(transcript.difference(List.of("a   {pid}  b"), List.of("a  12345   b")))
                .isEmpty();
    }

    @Test
    void linesInBetween_standForAnyNumberOfThem() {
        List<String> promised = List.of("first", "{progress ...}", "last");

        assertThat(transcript.difference(promised, List.of("first", "last"))).isEmpty();
        assertThat(transcript.difference(promised, List.of("first", "x", "y", "last")))
                .isEmpty();
        assertThat(transcript.difference(promised, List.of("first", "x"))).isPresent();
    }

    @Test
    void lineTooMany_isTold() {
        assertThat(transcript.difference(List.of("one"), List.of("one", "two")))
                .contains("printed and not promised: two");
    }
}
