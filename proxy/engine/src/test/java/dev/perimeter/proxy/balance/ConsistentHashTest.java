package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.equal;
import static dev.perimeter.proxy.balance.TestHosts.hashed;
import static dev.perimeter.proxy.balance.TestHosts.port;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of both consistent policies: same key same host, shares by weight, few keys move. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConsistentHashTest {

    private static final int KEYS = 20_000;

    /** The policy, in each way that makes a difference. */
    abstract Stream<BalancerKind> policies();

    private static int at(Balancer balancer, int key) {
        return port(balancer.pick(hashed(key), Tier.HEALTHY));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void sameKey_sameHost_onEveryLoop(BalancerKind kind) {
        List<Host> hosts = equal(10);
        Balancer one = balancer(kind, hosts);
        Balancer other = balancer(kind, hosts);
        for (int key = 0; key < 1000; key++) {
            assertThat(at(one, key)).isEqualTo(at(one, key)).isEqualTo(at(other, key));
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void keys_spreadByWeight(BalancerKind kind) {
        Balancer balancer = balancer(kind, weighted(1, 2, 3, 4));
        Map<Integer, Integer> tally = tally(KEYS, key -> at(balancer, key));
        for (int i = 1; i <= 4; i++) {
            assertThat(tally.get(i)).as("host %s", i).isBetween(KEYS * i / 10 * 80 / 100, KEYS * i / 10 * 120 / 100);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void hostThatFallsIll_losesItsKeys_andNoOthersMove(BalancerKind kind) {
        List<Host> hosts = equal(10);
        Balancer balancer = balancer(kind, hosts);
        int[] before = new int[KEYS];
        for (int key = 0; key < KEYS; key++) {
            before[key] = at(balancer, key);
        }
        hosts.get(3).state().mark(Mark.FAILED_OUTLIER_CHECK, true);
        int orphans = 0;
        for (int key = 0; key < KEYS; key++) {
            int now = at(balancer, key);
            if (before[key] == 4) {
                assertThat(now).isNotEqualTo(4);
                orphans++;
            } else {
                assertThat(now).isEqualTo(before[key]);
            }
        }
        assertThat(orphans).isBetween(KEYS / 10 * 75 / 100, KEYS / 10 * 125 / 100);

        hosts.get(3).state().mark(Mark.FAILED_OUTLIER_CHECK, false);
        for (int key = 0; key < KEYS; key++) {
            assertThat(at(balancer, key)).isEqualTo(before[key]);
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void hostThatIsRemoved_movesFewOtherKeys(BalancerKind kind) {
        Balancer ten = balancer(kind, equal(10));
        Balancer nine = balancer(kind, equal(9));
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            if (at(ten, key) != 10 && at(ten, key) != at(nine, key)) {
                moved++;
            }
        }
        // A ring moves the keys next to places that came or went with its size, Maglev some few.
        assertThat(moved).isLessThan(KEYS * 8 / 100);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void withoutHash_anyHostServes(BalancerKind kind) {
        Balancer balancer = balancer(kind, equal(5));
        assertThat(tally(1000, i -> port(balancer.pick(Pick.ANY, Tier.HEALTHY))))
                .containsOnlyKeys(1, 2, 3, 4, 5);
    }
}
