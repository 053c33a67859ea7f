package dev.perimeter.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

    private static Endpoint endpoint(int port, int weight, boolean healthy) {
        return new Endpoint(new InetSocketAddress("127.0.0.1", port), weight, healthy);
    }

    private static List<Integer> ports(Balancer balancer, int count) {
        return Stream.generate(() -> balancer.pick(new Pick(List.of())))
                .limit(count)
                .map(picked -> picked.address().getPort())
                .toList();
    }

    @Test
    void equalWeights_takeTurns() {
        Balancer balancer =
                Balancers.ROUND_ROBIN.create(List.of(endpoint(1, 1, true), endpoint(2, 1, true), endpoint(3, 1, true)));

        assertThat(ports(balancer, 6)).containsExactly(1, 2, 3, 1, 2, 3);
    }

    @Test
    void weights_areKeptWithoutBursts() {
        Balancer balancer = Balancers.ROUND_ROBIN.create(List.of(endpoint(1, 3, true), endpoint(2, 1, true)));

        assertThat(ports(balancer, 8)).containsExactly(1, 1, 2, 1, 1, 1, 2, 1);
    }

    @Test
    void unhealthy_areSkippedUnlessAllAre() {
        Endpoint sick = endpoint(1, 1, false);
        Endpoint well = endpoint(2, 1, true);

        assertThat(ports(Balancers.ROUND_ROBIN.create(List.of(sick, well)), 3)).containsOnly(2);
        assertThat(ports(Balancers.ROUND_ROBIN.create(List.of(sick)), 3)).containsOnly(1);
        assertThat(Balancers.ROUND_ROBIN.create(List.of(sick, well)).pick(new Pick(List.of(well))))
                .isEqualTo(sick);
    }

    @Test
    void tried_areNotPickedAgain() {
        Endpoint one = endpoint(1, 1, true);
        Balancer balancer = Balancers.ROUND_ROBIN.create(List.of(one));

        assertThat(balancer.pick(new Pick(List.of(one)))).isNull();
        assertThat(Balancers.ROUND_ROBIN.create(List.of()).pick(new Pick(List.of())))
                .isNull();
    }
}
