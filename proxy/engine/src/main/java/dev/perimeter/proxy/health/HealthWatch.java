package dev.perimeter.proxy.health;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.observe.metric.Metrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Watches the health of all clusters of a data plane. May be called on any thread; the work is done on the health thread. */
public final class HealthWatch {

    private final HealthThread thread;
    private final Prober prober;
    private final RandomGenerator random;
    private final Metrics metrics;
    private final String localCluster;
    private final Map<String, ClusterHealth> clusters = new HashMap<>();

    /** @param localCluster the one whose health all others are routed by; empty for none */
    public HealthWatch(
            HealthThread thread, Prober prober, RandomGenerator random, Metrics metrics, String localCluster) {
        this.thread = thread;
        this.prober = prober;
        this.random = random;
        this.metrics = metrics;
        this.localCluster = localCluster;
    }

    /**
     * From now on these clusters, and no others. Of one name there may be two, the one in force and the one to come.
     *
     * @param live the newer ones last
     * @return completes when every endpoint of theirs that is checked was checked once
     */
    public CompletableFuture<Void> serve(Collection<Cluster> live) {
        Map<String, List<Cluster>> byName = new LinkedHashMap<>();
        for (Cluster cluster : live) {
            List<Cluster> versions = byName.computeIfAbsent(cluster.name(), name -> new ArrayList<>(2));
            if (!versions.contains(cluster)) {
                versions.add(cluster);
            }
        }
        CompletableFuture<Void> checked = new CompletableFuture<>();
        thread.execute(() -> serve(byName).thenRun(() -> checked.complete(null)));
        return checked;
    }

    private CompletableFuture<Void> serve(Map<String, List<Cluster>> byName) {
        clusters.entrySet().removeIf(entry -> {
            boolean gone = !byName.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        List<CompletableFuture<Void>> checked = new ArrayList<>();
        byName.forEach((name, versions) -> {
            ClusterHealth health = clusters.computeIfAbsent(
                    name,
                    key -> new ClusterHealth(
                            thread,
                            prober,
                            random,
                            metrics.health(key),
                            key.equals(localCluster) ? this::refresh : HealthWatch::nobodyElse));
            health.serve(versions);
            checked.add(health.checkedOnce());
        });
        return CompletableFuture.allOf(checked.toArray(CompletableFuture[]::new));
    }

    private void refresh() {
        clusters.values().forEach(ClusterHealth::refreshBalancers);
    }

    private static void nobodyElse() {}
}
