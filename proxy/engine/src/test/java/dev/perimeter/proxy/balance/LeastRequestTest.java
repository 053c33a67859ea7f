package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.equal;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.cluster.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The idle first; where weights differ, turns that look at what is in flight. */
class LeastRequestTest {

    @Test
    void leastRequest_equalWeights_prefersTheIdle() {
        List<Host> hosts = equal(2);
        hosts.getFirst().state().on(0).requestBegan();

        // Two choices of two hosts miss the idle one in a quarter of all cases.
        assertThat(tally(balancer(LeastRequest.DEFAULTS, hosts), 1000).get(2)).isBetween(700, 800);
        assertThat(tally(balancer(new LeastRequest(2, 1, true, SlowStart.NONE), hosts), 10))
                .containsOnlyKeys(2);
    }

    @Test
    void leastRequest_weights_areMadeLighterByWhatIsInFlight() {
        List<Host> hosts = weighted(2, 1);
        assertThat(tally(balancer(LeastRequest.DEFAULTS, hosts), 300).get(1)).isBetween(198, 202);

        for (int i = 0; i < 3; i++) {
            hosts.getFirst().state().on(0).requestBegan();
        }
        // 2 / (3 + 1) against 1 / (0 + 1)
        assertThat(tally(balancer(LeastRequest.DEFAULTS, hosts), 300).get(1)).isBetween(98, 102);
        assertThat(tally(balancer(new LeastRequest(2, 0, false, SlowStart.NONE), hosts), 300)
                        .get(1))
                .as("without bias")
                .isBetween(198, 202);
    }
}
