package dev.perimeter.proxy.balance;

import static dev.perimeter.proxy.balance.TestHosts.balancer;
import static dev.perimeter.proxy.balance.TestHosts.port;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static dev.perimeter.proxy.balance.TestHosts.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds of every policy of the catalogue. */
class BalancersTest {

    @Test
    void eachPolicy_hasATestClassAndAnExample() throws Exception {
        assertThat(Balancers.ALL).extracting(BalancerKind::name).doesNotHaveDuplicates();
        for (BalancerKind kind : Balancers.ALL) {
            Class<?> type = kind.getClass();
            assertThat(Class.forName(type.getName() + "Test")).isNotNull();
            assertThat(type.getResourceAsStream(type.getSimpleName() + ".yaml"))
                    .as("src/main/resources: an example for %s, as the others have", kind.name())
                    .isNotNull()
                    .asString(StandardCharsets.UTF_8)
                    .startsWith("# ")
                    .contains("\n# The example ");
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
}
