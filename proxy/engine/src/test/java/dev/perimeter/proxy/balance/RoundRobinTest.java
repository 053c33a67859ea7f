package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.equal;
import static dev.perimeter.proxy.balance.TestHosts.ports;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Turns, by weight and without bursts. */
class RoundRobinTest {

    @Test
    void roundRobin_equalWeights_visitsEachOnceARound() {
        List<Integer> ports = ports(balancer(Balancers.ROUND_ROBIN, equal(4)), 12);

        assertThat(ports.subList(0, 4)).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(ports.subList(4, 8)).isEqualTo(ports.subList(0, 4));
    }

    @Test
    void roundRobin_weights_areKeptExactlyAndWithoutBursts() {
        List<Integer> ports = ports(balancer(Balancers.ROUND_ROBIN, weighted(5, 1, 2)), 800);

        assertThat(tally(ports.size(), ports::get)).isEqualTo(Map.of(1, 500, 2, 100, 3, 200));
        for (int i = 0; i + 4 <= ports.size(); i++) {
            assertThat(ports.subList(i, i + 4)).isNotEqualTo(List.of(1, 1, 1, 1));
        }
    }
}
