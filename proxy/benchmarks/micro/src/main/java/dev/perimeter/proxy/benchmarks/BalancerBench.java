package dev.perimeter.proxy.benchmarks;

import dev.perimeter.proxy.balance.BalancerKind;
import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.balance.Candidates;
import dev.perimeter.proxy.balance.Pick;
import dev.perimeter.proxy.balance.Tier;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One pick of each policy among ten and a thousand endpoints of unequal weight. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BalancerBench {

    @Param({"ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "RING_HASH", "MAGLEV"})
    private String policy = "ROUND_ROBIN";

    @Param({"10", "1000"})
    private int endpoints = 10;

    private final Pick[] picks = new Pick[64];
    private BalancerKind.@Nullable Balancer balancer;
    private int next;

    @Setup
    public void build() {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 0; i < endpoints; i++) {
            all.add(new Endpoint(new InetSocketAddress("127.0.0.1", i + 1), i % 3 + 1, true));
        }
        Hosts hosts = Hosts.of(new EndpointSet("bench", all), Hosts.NONE, () -> new EndpointState(1, 0));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < picks.length; i++) {
            picks[i] = new Pick(List.of(), random.nextLong());
        }
        BalancerKind kind = Balancers.ALL.stream()
                .filter(each -> each.name().equals(policy))
                .findFirst()
                .orElseThrow();
        balancer = kind.prepare(new Candidates(hosts.all())).on(random, System::nanoTime);
    }

    @Benchmark
    public @Nullable Host pick() {
        next = (next + 1) & 63;
        return balancer == null ? null : balancer.pick(picks[next], Tier.HEALTHY);
    }
}
