package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.equal;
import static dev.perimeter.proxy.balance.TestHosts.port;
import static dev.perimeter.proxy.balance.TestHosts.ports;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Round robin, least request and random: who takes turns, and how often. */
class TurnsTest {

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

    @Test
    void anyPolicy_whatWasTried_isNotPickedAgain() {
        for (BalancerKind kind : Balancers.ALL) {
            List<Host> hosts = weighted(100, 1, 1);
            Balancer balancer = balancer(kind, hosts);
            List<dev.perimeter.proxy.cluster.EndpointSet.Endpoint> heavy =
                    List.of(hosts.getFirst().endpoint());

            for (int i = 0; i < 50; i++) {
                assertThat(port(balancer.pick(new Pick(heavy), Tier.HEALTHY)))
                        .as(kind.name())
                        .isIn(2, 3);
            }
            assertThat(balancer.pick(new Pick(hosts.stream().map(Host::endpoint).toList()), Tier.HEALTHY))
                    .as(kind.name())
                    .isNull();
            assertThat(balancer(kind, List.of()).pick(Pick.ANY, Tier.HEALTHY))
                    .as(kind.name())
                    .isNull();
        }
    }

    @Test
    void anyPolicy_hostThatFellIll_isPassedOverAtOnce_butNotInPanic() {
        for (BalancerKind kind : Balancers.ALL) {
            List<Host> hosts = weighted(3, 1);
            Balancer balancer = balancer(kind, hosts);
            hosts.getFirst().state().mark(Mark.FAILED_ACTIVE_HC, true);

            assertThat(tally(balancer, 20)).as(kind.name()).containsOnlyKeys(2);
            assertThat(tally(200, i -> port(balancer.pick(Pick.ANY, Tier.ANY))))
                    .as(kind.name())
                    .containsOnlyKeys(1, 2);
        }
    }

    @Test
    void random_spreadsEvenly_whateverTheWeights() {
        assertThat(tally(balancer(RandomChoice.DEFAULTS, weighted(1, 9, 90)), 3000)
                        .values())
                .allSatisfy(count -> assertThat(count).isBetween(900, 1100));
    }

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
