package dev.perimeter.proxy.health;

import dev.perimeter.proxy.balance.Balancers;
import dev.perimeter.proxy.balance.spread.ClusterBalancer;
import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.ConnectionLimits;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.cluster.ClusterLoad;
import dev.perimeter.proxy.cluster.EndpointSet;
import dev.perimeter.proxy.cluster.EndpointSet.Endpoint;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.Hosts;
import dev.perimeter.proxy.cluster.LoadBalancing;
import dev.perimeter.proxy.cluster.UpstreamProtocol;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.HealthChecking;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import dev.perimeter.proxy.observe.metric.Metrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A cluster without sockets whose checks a test answers and whose time it holds. Endpoints are told by their ports. */
final class WatchedCluster {

    final ManualHealthThread time = new ManualHealthThread();
    final Metrics metrics = new Metrics(1);
    final Map<Integer, Finding> says = new HashMap<>();
    final Map<Integer, Integer> asked = new HashMap<>();
    final List<Integer> closed = new ArrayList<>();
    private final HealthWatch watch = new HealthWatch(time, this::session, new SplittableRandom(3), metrics, "");
    private Cluster cluster;

    Cluster serve(HealthChecking health, int... ports) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int port : ports) {
            endpoints.add(new Endpoint(new InetSocketAddress("127.0.0.1", port), 1, true));
        }
        EndpointSet set = new EndpointSet("c", endpoints);
        ClusterConfig config = new ClusterConfig(
                "c",
                Duration.ofSeconds(1),
                new LoadBalancing(Balancers.ROUND_ROBIN),
                new EndpointSource.Inline(set),
                ConnectionLimits.DEFAULTS,
                UpstreamProtocol.http1(Duration.ZERO),
                UpstreamTransport.PLAIN,
                health);
        Hosts hosts = Hosts.of(set, cluster == null ? Hosts.NONE : cluster.hosts(), () -> new EndpointState(1, 0));
        ClusterBalancer balancer = new ClusterBalancer(hosts, config.balancing(), set.policy(), 1);
        cluster = new Cluster(config, set, hosts, balancer, new ClusterLoad(), metrics.cluster("c"));
        var ignored = watch.serve(List.of(cluster));
        return cluster;
    }

    private Prober.Session session(ClusterConfig config, HealthCheck check, Endpoint endpoint) {
        int port = endpoint.address().getPort();
        return new Prober.Session() {
            @Override
            public void ask(Consumer<Finding> answer) {
                asked.merge(port, 1, Integer::sum);
                answer.accept(says.getOrDefault(port, Finding.HEALTHY));
            }

            @Override
            public void close() {
                closed.add(port);
            }
        };
    }

    Host host(int port) {
        return cluster.hosts().at(new InetSocketAddress("127.0.0.1", port));
    }

    boolean isWell(int port) {
        return host(port).health() == Health.HEALTHY;
    }

    void answers(int port, int status, int times) {
        for (int i = 0; i < times; i++) {
            host(port).state().answered(0, status, 1);
        }
    }

    long metric(HealthMetric metric) {
        return metrics.prometheus()
                .lines()
                .filter(line -> line.startsWith("envoy_cluster_" + metric.metricName() + "{"))
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(-1);
    }
}
