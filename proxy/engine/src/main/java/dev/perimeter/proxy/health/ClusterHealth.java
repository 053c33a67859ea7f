package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.EndpointSet.CheckOverride;
import dev.perimeter.proxy.cluster.EndpointSet.Health;
import dev.perimeter.proxy.cluster.EndpointState;
import dev.perimeter.proxy.cluster.Host;
import dev.perimeter.proxy.cluster.UpstreamTransport;
import dev.perimeter.proxy.cluster.health.HealthCheck;
import dev.perimeter.proxy.cluster.health.OutlierDetection;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.HealthMetric;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The health of one cluster through all its configs: who is checked, who is ejected, and that every balancer knows. On
 * the health thread alone.
 */
final class ClusterHealth implements EndpointChecker.Owner {

    private final HealthThread thread;
    private final Prober prober;
    private final RandomGenerator random;
    private final Cells<HealthMetric> metrics;
    private final Runnable others;
    private final Map<EndpointState, EndpointChecker> checkers = new IdentityHashMap<>();
    private final Map<EndpointState, CheckOverride> overrides = new IdentityHashMap<>();
    /** One, or two while the next config is warming. */
    private List<Cluster> versions = List.of();

    private Set<EndpointState> known = Set.of();
    private @Nullable HealthCheck check;
    private UpstreamTransport transport = UpstreamTransport.PLAIN;
    private @Nullable Outliers outliers;
    private boolean inPanic;

    /** @param others told when the health of an endpoint changed */
    ClusterHealth(
            HealthThread thread, Prober prober, RandomGenerator random, Cells<HealthMetric> metrics, Runnable others) {
        this.thread = thread;
        this.prober = prober;
        this.random = random;
        this.metrics = metrics;
        this.others = others;
    }

    /** @param clusters of one name, the newest last */
    void serve(List<Cluster> clusters) {
        if (!clusters.equals(versions)) {
            metrics.increment(HealthMetric.MEMBERSHIP_CHANGE);
        }
        versions = clusters;
        Cluster newest = clusters.getLast();
        Map<EndpointState, Host> hosts = new IdentityHashMap<>();
        clusters.forEach(cluster -> cluster.hosts().all().forEach(host -> hosts.put(host.state(), host)));
        check(newest, hosts);
        Set<EndpointState> states = Collections.newSetFromMap(new IdentityHashMap<>());
        states.addAll(hosts.keySet());
        for (EndpointState state : states) {
            if (!known.contains(state)) {
                state.slowStartBegan(thread.now());
            }
        }
        known = states;
        watch(newest.config().health().outliers(), states);
        refresh();
    }

    private void check(Cluster newest, Map<EndpointState, Host> hosts) {
        HealthCheck wanted = newest.config().health().check();
        UpstreamTransport through = newest.config().transport();
        boolean same = wanted != null && wanted.equals(check) && through.equals(transport);
        check = wanted;
        transport = through;
        checkers.entrySet().removeIf(entry -> {
            Host host = hosts.get(entry.getKey());
            boolean stays =
                    wanted != null && host != null && !host.endpoint().check().disabled();
            boolean anew = !same || (host != null && !host.endpoint().check().equals(overrides.get(entry.getKey())));
            if (!stays) {
                entry.getValue().stop();
            } else if (anew) {
                entry.getValue().giveWay();
            }
            return !stays || anew;
        });
        overrides.keySet().retainAll(checkers.keySet());
        if (wanted == null) {
            return;
        }
        hosts.forEach((state, host) -> {
            if (!checkers.containsKey(state) && !host.endpoint().check().disabled()) {
                Prober.Session session = prober.open(newest.config(), wanted, host.endpoint());
                EndpointChecker checker = new EndpointChecker(wanted, state, session, thread, random, this);
                checkers.put(state, checker);
                overrides.put(state, host.endpoint().check());
                checker.start(!known.contains(state), newest.config().health().ignoreNewUntilChecked());
            }
        });
    }

    private void watch(@Nullable OutlierDetection wanted, Set<EndpointState> states) {
        if (wanted == null) {
            if (outliers != null) {
                outliers.stop();
                outliers = null;
            }
            return;
        }
        if (outliers == null) {
            outliers = new Outliers(wanted, thread, random, metrics, this::refresh);
        }
        outliers.serve(wanted, states);
    }

    void close() {
        checkers.values().forEach(EndpointChecker::stop);
        checkers.clear();
        if (outliers != null) {
            outliers.stop();
        }
    }

    /** Completes when every endpoint that is checked was checked once. */
    CompletableFuture<Void> checkedOnce() {
        List<CompletableFuture<Void>> firsts = new ArrayList<>();
        checkers.values().forEach(checker -> firsts.add(checker.first()));
        return CompletableFuture.allOf(firsts.toArray(CompletableFuture[]::new));
    }

    @Override
    public void checked(EndpointChecker checker, Finding finding, boolean changed) {
        metrics.increment(HealthMetric.CHECK_ATTEMPT);
        metrics.increment(finding.isSuccess() ? HealthMetric.CHECK_SUCCESS : HealthMetric.CHECK_FAILURE);
        if (finding == Finding.NETWORK_FAILURE || finding == Finding.TIMEOUT) {
            metrics.increment(HealthMetric.CHECK_NETWORK_FAILURE);
        }
        boolean back = finding.isSuccess() && outliers != null && outliers.checkedWell(checker.state());
        if (changed && finding.isSuccess()) {
            checker.state().slowStartBegan(thread.now());
        }
        if (changed || back) {
            refresh();
        }
    }

    @Override
    public boolean hasTraffic() {
        return checkers.keySet().stream().anyMatch(state -> state.load().requests() > 0);
    }

    void refreshBalancers() {
        versions.forEach(cluster -> cluster.balancer().refresh());
    }

    private void refresh() {
        refreshBalancers();
        others.run();
        Cluster newest = versions.getLast();
        List<Host> hosts = newest.hosts().all();
        metrics.set(HealthMetric.MEMBERSHIP_TOTAL, hosts.size());
        metrics.set(HealthMetric.MEMBERSHIP_HEALTHY, count(hosts, Health.HEALTHY));
        metrics.set(HealthMetric.MEMBERSHIP_DEGRADED, count(hosts, Health.DEGRADED));
        metrics.set(HealthMetric.EJECTIONS_ACTIVE, outliers == null ? 0 : outliers.ejected());
        boolean panic = !hosts.isEmpty() && newest.balancer().inPanic();
        if (panic && !inPanic) {
            metrics.increment(HealthMetric.PANIC);
        }
        inPanic = panic;
    }

    private static long count(List<Host> hosts, Health health) {
        return hosts.stream().filter(host -> host.health() == health).count();
    }
}
