package dev.perimeter.proxy.balance.spread;

import static dev.perimeter.proxy.balance.TestHosts.endpoint;
import static dev.perimeter.proxy.balance.TestHosts.hashed;
import static dev.perimeter.proxy.balance.TestHosts.hosts;
import static dev.perimeter.proxy.balance.TestHosts.tally;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.balance.Maglev;
import dev.perimeter.proxy.balance.MetadataMatch;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Pick.OverrideHost;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointSet.Locality;
import dev.perimeter.proxy.cluster.EndpointState.Mark;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.LoadBalancing.Fallback;
import dev.perimeter.proxy.cluster.LoadBalancing.LocalityWeighted;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules;
import dev.perimeter.proxy.cluster.LoadBalancing.SubsetRules.Selector;
import dev.perimeter.proxy.cluster.LoadBalancing.ZoneAware;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who is among those a policy chooses from. A host's port tells its priority or locality in the hundreds. */
class ClusterBalancerTest {

    private static final int PICKS = 10_000;

    private static List<Endpoint> in(Locality place, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(port -> endpoint(port, 1).at(place))
                .toList();
    }

    private static Hosts all(List<Endpoint> some, List<Endpoint> others) {
        List<Endpoint> all = new ArrayList<>(some);
        all.addAll(others);
        return hosts(all);
    }

    private static Locality priority(int priority) {
        return new Locality("", "", "", priority, 0);
    }

    private static Locality zone(String zone, int weight) {
        return new Locality("r", zone, "", 0, weight);
    }

    private static LoadBalancing roundRobin(LoadBalancing.Localities localities) {
        return new LoadBalancing(Balancers.ROUND_ROBIN, 50, localities, SubsetRules.NONE);
    }

    private static ClusterBalancer balancer(Hosts hosts, LoadBalancing balancing) {
        return new ClusterBalancer(hosts, balancing, EndpointSet.Policy.DEFAULTS, 1);
    }

    private static void fail(Hosts hosts, int from, int count) {
        for (Host host : hosts.all()) {
            int port = host.endpoint().address().getPort();
            if (from <= port && port < from + count) {
                host.state().mark(Mark.FAILED_ACTIVE_HC, true);
            }
        }
    }

    private static int port(Endpoint endpoint) {
        return endpoint == null ? 0 : endpoint.address().getPort();
    }

    private static Map<Integer, Integer> hundreds(ClusterBalancer balancer) {
        LoopBalancer loop = balancer.on(0, new SplittableRandom(7), () -> 0);
        return tally(PICKS, i -> port(loop.pick(Pick.ANY)) / 100);
    }

    @Test
    void secondPriority_takesOverAsTheFirstFails_andGivesBack() {
        Hosts hosts = all(in(priority(0), 100, 10), in(priority(1), 200, 10));
        ClusterBalancer balancer = balancer(hosts, roundRobin(ZoneAware.DEFAULTS));
        assertThat(hundreds(balancer)).containsOnlyKeys(1);

        fail(hosts, 100, 5);
        balancer.refresh();
        assertThat(hundreds(balancer).get(2)).as("5 of 10 carry 70 %").isBetween(2800, 3200);

        fail(hosts, 105, 5);
        balancer.refresh();
        assertThat(hundreds(balancer)).containsOnlyKeys(2);
        assertThat(balancer.inPanic()).isFalse();

        hosts.all().forEach(host -> host.state().mark(Mark.FAILED_ACTIVE_HC, false));
        balancer.refresh();
        assertThat(hundreds(balancer)).containsOnlyKeys(1);
    }

    @Test
    void tooManyIll_isPanic_andEverybodyServes_unlessHealthIsAlwaysBelieved() {
        Hosts hosts = hosts(in(priority(0), 100, 10));
        ClusterBalancer panicking = balancer(hosts, roundRobin(ZoneAware.DEFAULTS));
        ClusterBalancer believing =
                balancer(hosts, new LoadBalancing(Balancers.ROUND_ROBIN, 0, ZoneAware.DEFAULTS, SubsetRules.NONE));
        ClusterBalancer failing = balancer(hosts, roundRobin(new ZoneAware(100, 6, true)));
        fail(hosts, 100, 6);
        List.of(panicking, believing, failing).forEach(ClusterBalancer::refresh);

        assertThat(panicking.inPanic()).isTrue();
        LoopBalancer loop = panicking.on(0, new SplittableRandom(7), () -> 0);
        assertThat(tally(1000, i -> port(loop.pick(Pick.ANY)))).hasSize(10);
        LoopBalancer strict = believing.on(0, new SplittableRandom(7), () -> 0);
        assertThat(tally(1000, i -> port(strict.pick(Pick.ANY)))).containsOnlyKeys(106, 107, 108, 109);
        assertThat(hundreds(failing)).containsOnlyKeys(0);
    }

    @Test
    void allTriedInItsShare_goesToWhoeverElseIsWell_neverToTheIll() {
        Hosts hosts = all(in(priority(0), 100, 4), in(priority(1), 200, 1));
        ClusterBalancer balancer = balancer(hosts, roundRobin(ZoneAware.DEFAULTS));
        fail(hosts, 100, 1);
        balancer.refresh();
        LoopBalancer loop = balancer.on(0, new SplittableRandom(7), () -> 0);
        List<Endpoint> tried = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            tried.add(loop.pick(new Pick(tried)));
        }

        assertThat(tried.stream().map(ClusterBalancerTest::port)).containsExactlyInAnyOrder(101, 102, 103, 200);
        assertThat(loop.pick(new Pick(tried))).isNull();
    }

    @Test
    void localityWeights_areKept_whateverTheNumberOfHosts_andShrinkWithHealth() {
        Hosts hosts = all(in(zone("a", 1), 100, 9), in(zone("b", 2), 200, 3));
        ClusterBalancer balancer = balancer(hosts, roundRobin(new LocalityWeighted()));
        assertThat(hundreds(balancer).get(2)).isBetween(6500, 6850);

        // Envoy's example: b has a third of its hosts, 2 * 1.4 / 3 against 1.
        fail(hosts, 200, 2);
        balancer.refresh();
        assertThat(hundreds(balancer).get(2)).isBetween(4650, 5000);

        ClusterBalancer maglev = balancer(
                all(in(zone("a", 1), 100, 9), in(zone("b", 2), 200, 3)),
                new LoadBalancing(Maglev.DEFAULTS, 50, new LocalityWeighted(), SubsetRules.NONE));
        LoopBalancer loop = maglev.on(0, new SplittableRandom(7), () -> 0);
        assertThat(tally(PICKS, i -> port(loop.pick(hashed(i))) / 100).get(2)).isBetween(6400, 6900);
    }

    @Test
    void zoneAware_staysInItsZone_asFarAsTheZoneCanCarry() {
        Locality own = zone("a", 0);
        Hosts upstream = all(in(own, 100, 5), in(zone("b", 0), 200, 5));
        Hosts even = all(in(own, 1, 2), in(zone("b", 0), 3, 2));
        Hosts skewed = all(in(own, 1, 3), in(zone("b", 0), 4, 1));

        assertThat(hundreds(zoned(upstream, own, even))).containsOnlyKeys(1);
        // Three quarters of the senders are here, half of the endpoints: two thirds may stay.
        assertThat(hundreds(zoned(upstream, own, skewed)).get(1)).isBetween(6500, 6850);
        assertThat(hundreds(zoned(upstream, Locality.NONE, even)).get(1)).isBetween(4900, 5100);
        assertThat(hundreds(zoned(all(in(own, 100, 2), in(zone("b", 0), 200, 2)), own, even))
                        .get(1))
                .as("fewer than min_cluster_size")
                .isBetween(4900, 5100);
    }

    private static ClusterBalancer zoned(Hosts upstream, Locality own, Hosts senders) {
        return new ClusterBalancer(
                upstream, roundRobin(ZoneAware.DEFAULTS), EndpointSet.Policy.DEFAULTS, 1, own, () -> senders);
    }

    @Test
    void subsets_answerRequestsThatAskForThem_andFallBackAsTheySay() {
        List<Endpoint> endpoints = List.of(
                endpoint(101, 1).with(Map.of("version", "1", "stage", "prod")),
                endpoint(102, 1).with(Map.of("version", "1", "stage", "prod")),
                endpoint(201, 1).with(Map.of("version", "2", "stage", "canary")),
                endpoint(301, 1));
        SubsetRules rules = new SubsetRules(
                List.of(
                        new Selector(Set.of("version"), Fallback.NO_FALLBACK),
                        new Selector(Set.of("stage", "version"), Fallback.ANY_ENDPOINT)),
                Fallback.DEFAULT_SUBSET,
                Map.of("stage", "prod"));
        ClusterBalancer balancer =
                balancer(hosts(endpoints), new LoadBalancing(Balancers.ROUND_ROBIN, 50, ZoneAware.DEFAULTS, rules));

        assertThat(asking(balancer, Map.of("version", "2"))).containsExactly(201);
        assertThat(asking(balancer, Map.of("version", "1", "stage", "prod"))).containsExactly(101, 102);
        assertThat(asking(balancer, Map.of("version", "9"))).as("nobody").containsExactly(0);
        assertThat(asking(balancer, Map.of("version", "9", "stage", "prod")))
                .as("anybody")
                .containsExactly(101, 102, 201, 301);
        assertThat(asking(balancer, Map.of("colour", "blue"))).as("default").containsExactly(101, 102);
        assertThat(asking(balancer, Map.of())).as("default").containsExactly(101, 102);
    }

    private static Set<Integer> asking(ClusterBalancer balancer, Map<String, Object> match) {
        LoopBalancer loop = balancer.on(0, new SplittableRandom(7), () -> 0);
        Pick pick = new Pick(List.of(), null, new MetadataMatch(match), null);
        return tally(100, i -> port(loop.pick(pick))).keySet();
    }

    @Test
    void overrideHost_isTakenWhileItIsWell_andElseAsTheSessionSays() {
        Hosts hosts = hosts(in(priority(0), 100, 10));
        ClusterBalancer balancer = balancer(hosts, roundRobin(ZoneAware.DEFAULTS));
        LoopBalancer loop = balancer.on(0, new SplittableRandom(7), () -> 0);
        InetSocketAddress home = new InetSocketAddress("127.0.0.1", 105);

        assertThat(tally(20, i -> port(loop.pick(Pick.ANY.with(new OverrideHost(home, false))))))
                .containsOnlyKeys(105);
        fail(hosts, 105, 1);
        balancer.refresh();
        assertThat(tally(20, i -> port(loop.pick(Pick.ANY.with(new OverrideHost(home, false))))))
                .doesNotContainKey(105)
                .hasSizeGreaterThan(5);
        assertThat(loop.pick(Pick.ANY.with(new OverrideHost(home, true)))).isNull();
    }

    @Test
    void degraded_serveOnlyWhenTheHealthyCannotCarryAll() {
        Hosts hosts = hosts(in(priority(0), 100, 10));
        ClusterBalancer balancer = balancer(hosts, roundRobin(ZoneAware.DEFAULTS));
        hosts.all().subList(0, 2).forEach(host -> host.state().mark(Mark.DEGRADED_ACTIVE_HC, true));
        balancer.refresh();
        LoopBalancer loop = balancer.on(0, new SplittableRandom(7), () -> 0);
        assertThat(tally(1000, i -> port(loop.pick(Pick.ANY)))).doesNotContainKeys(100, 101);

        fail(hosts, 102, 4);
        balancer.refresh();
        // 4 healthy of 10 carry 56 %, two degraded 28 %; of what is there they get two and one third.
        assertThat(tally(PICKS, i -> port(loop.pick(Pick.ANY)) < 102).get(true)).isBetween(3100, 3500);
    }
}
