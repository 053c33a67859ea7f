package dev.perimeter.proxy.balance;

import dev.perimeter.proxy.balance.BalancerKind.Balancer;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Function;

/** Hosts without sockets; a host is told by its port. */
public final class TestHosts {

    private TestHosts() {}

    public static Endpoint endpoint(int port, int weight) {
        return new Endpoint(new InetSocketAddress("127.0.0.1", port), weight, true);
    }

    public static Hosts hosts(List<Endpoint> endpoints) {
        return Hosts.of(new EndpointSet("test", endpoints), Hosts.NONE, () -> new EndpointState(1, 0));
    }

    /** Ports 1, 2, 3 … with these weights. */
    public static List<Host> weighted(int... weights) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int weight : weights) {
            endpoints.add(endpoint(endpoints.size() + 1, weight));
        }
        return hosts(endpoints).all();
    }

    public static List<Host> equal(int count) {
        int[] weights = new int[count];
        java.util.Arrays.fill(weights, 1);
        return weighted(weights);
    }

    public static int port(Host host) {
        return host == null ? 0 : host.endpoint().address().getPort();
    }

    static Balancer balancer(BalancerKind kind, List<Host> hosts) {
        return kind.prepare(new Candidates(hosts)).on(new SplittableRandom(42), () -> 0);
    }

    static List<Integer> ports(Balancer balancer, int count) {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(port(balancer.pick(Pick.ANY, Tier.HEALTHY)));
        }
        return ports;
    }

    /** How often each port comes. */
    static Map<Integer, Integer> tally(Balancer balancer, int count) {
        return tally(count, i -> port(balancer.pick(Pick.ANY, Tier.HEALTHY)));
    }

    public static <K> Map<K, Integer> tally(int count, Function<Integer, K> pick) {
        Map<K, Integer> tally = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            tally.merge(pick.apply(i), 1, Integer::sum);
        }
        return tally;
    }

    /** Evenly spread hashes, the same in every run. */
    public static Pick hashed(int number) {
        return new Pick(List.of(), new SplittableRandom(number).nextLong());
    }
}
