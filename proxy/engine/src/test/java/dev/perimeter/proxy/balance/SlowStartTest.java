package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.equal;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.Host;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** New hosts grow into their share. */
class SlowStartTest {

    @Test
    void slowStart_newHost_growsIntoItsShare() {
        AtomicLong now = new AtomicLong();
        List<Host> hosts = equal(2);
        hosts.get(0).state().slowStartBegan(-Duration.ofMinutes(5).toNanos());
        hosts.get(1).state().slowStartBegan(0);
        RoundRobin slow = new RoundRobin(new SlowStart(Duration.ofSeconds(100), 1, 10));
        Balancer balancer = slow.prepare(new Candidates(hosts)).on(new SplittableRandom(1), now::get);

        assertThat(tally(balancer, 1100).get(2)).as("at its least weight").isBetween(95, 105);
        now.set(Duration.ofSeconds(50).toNanos());
        assertThat(tally(balancer, 1500).get(2)).as("half way").isBetween(490, 510);
        now.set(Duration.ofSeconds(100).toNanos());
        tally(balancer, 10);
        assertThat(tally(balancer, 1000).get(2)).as("afterwards").isBetween(495, 505);
    }

    @Test
    void slowStart_aggression_growsFasterAtFirst() {
        Host host = equal(1).getFirst();
        long quarter = Duration.ofSeconds(25).toNanos();

        assertThat(new SlowStart(Duration.ofSeconds(100), 1, 10).factor(host, quarter))
                .isEqualTo(0.25);
        assertThat(new SlowStart(Duration.ofSeconds(100), 2, 10).factor(host, quarter))
                .isEqualTo(0.5);
        assertThat(new SlowStart(Duration.ofSeconds(100), 1, 40).factor(host, quarter))
                .isEqualTo(0.4);
    }
}
