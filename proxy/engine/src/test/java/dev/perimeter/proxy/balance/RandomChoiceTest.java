package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Chance alone. */
class RandomChoiceTest {

    @Test
    void random_spreadsEvenly_whateverTheWeights() {
        assertThat(tally(balancer(RandomChoice.DEFAULTS, weighted(1, 9, 90)), 3000)
                        .values())
                .allSatisfy(count -> assertThat(count).isBetween(900, 1100));
    }
}
