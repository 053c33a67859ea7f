package dev.perimeter.proxy.balance.spread;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.spread.PriorityLoads.Census;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tables of Envoy's documentation ("Priority levels", "Degraded endpoints", "Panic threshold"). Where a table rounds,
 * the numbers are those of Envoy's code: percents are cut, and what is left over goes to the first.
 */
class PriorityLoadsTest {

    @ParameterizedTest
    @CsvSource({"100, 100,  0", " 72, 100,  0", " 71,  99,  1", " 50,  70, 30", " 25,  35, 65", "  0,   0, 100"})
    void twoPriorities_secondTakesOverWhatTheFirstCannotCarry(int healthy, int first, int second) {
        PriorityLoads loads =
                new PriorityLoads(new Census[] {new Census(100, healthy, 0), new Census(100, 100, 0)}, 140, 50);

        assertThat(loads.healthy(0)).isEqualTo(first);
        assertThat(loads.healthy(1)).isEqualTo(second);
        assertThat(loads.anyPanic()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "100, 100, 100, 100,   0,   0",
        " 72,  72, 100, 100,   0,   0",
        " 71,  71, 100,  99,   1,   0",
        " 50,  50, 100,  70,  30,   0",
        " 25, 100, 100,  35,  65,   0",
        " 25,  25, 100,  35,  35,  30",
        " 25,  25,  20,  37,  35,  28"
    })
    void threePriorities_takeOverInTurn_andShareWhatIsLeft(int p0, int p1, int p2, int l0, int l1, int l2) {
        PriorityLoads loads = new PriorityLoads(
                new Census[] {new Census(100, p0, 0), new Census(100, p1, 0), new Census(100, p2, 0)}, 140, 0);

        assertThat(new int[] {loads.healthy(0), loads.healthy(1), loads.healthy(2)})
                .containsExactly(l0, l1, l2);
    }

    @ParameterizedTest
    @CsvSource({
        "100,  0, 100, 0, 100,  0, 0, 0",
        " 71,  0, 100, 0,  99,  1, 0, 0",
        "  0, 100,  0, 0,   0,  0, 100, 0",
        " 25, 65,   0, 0,  35,  0, 65, 0",
        "  5,  0,   5, 95,  7,  7, 0, 86"
    })
    void degraded_takeOverAfterAllHealthy(
            int h0, int d0, int h1, int d1, int healthy0, int healthy1, int degraded0, int degraded1) {
        PriorityLoads loads =
                new PriorityLoads(new Census[] {new Census(100, h0, d0), new Census(100, h1, d1)}, 140, 50);

        assertThat(new int[] {loads.healthy(0), loads.healthy(1), loads.degraded(0), loads.degraded(1)})
                .containsExactly(healthy0, healthy1, degraded0, degraded1);
    }

    @ParameterizedTest
    @CsvSource({
        " 72,  72, 100,   0, false, false",
        " 71,  71,  99,   1, false, false",
        " 50,  60,  70,  30, false, false",
        " 25, 100,  35,  65, false, false",
        " 25,  25,  50,  50,  true,  true",
        "  5,  65,   8,  92,  true, false",
        "  0,   0,  50,  50,  true,  true"
    })
    void panic_isPerPriority_andOnlyWhenTogetherTheyCannotCarryAll(
            int p0, int p1, int l0, int l1, boolean panic0, boolean panic1) {
        PriorityLoads loads = new PriorityLoads(new Census[] {new Census(100, p0, 0), new Census(100, p1, 0)}, 140, 50);

        assertThat(loads.healthy(0)).isEqualTo(l0);
        assertThat(loads.healthy(1)).isEqualTo(l1);
        assertThat(loads.panic(0)).isEqualTo(panic0);
        assertThat(loads.panic(1)).isEqualTo(panic1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 10, 0"})
    void nobody_isChosen_whenHealthIsAlwaysBelieved(int healthy, int all, int threshold) {
        PriorityLoads loads = new PriorityLoads(new Census[] {new Census(all, healthy, 0)}, 140, threshold);

        assertThat(loads.choose(0)).isEqualTo(Integer.MIN_VALUE);
    }
}
