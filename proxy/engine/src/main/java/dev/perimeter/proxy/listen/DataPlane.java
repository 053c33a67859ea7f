package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.cluster.Cluster;
import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.cluster.ClusterConfig.EndpointSource;
import dev.perimeter.proxy.health.HealthWatch;
import dev.perimeter.proxy.health.SingleHealthThread;
import dev.perimeter.proxy.health.probe.SocketProber;
import dev.perimeter.proxy.names.NameService;
import dev.perimeter.proxy.names.NamedEndpoints;
import dev.perimeter.proxy.observe.LogWriter;
import dev.perimeter.proxy.observe.metric.Metrics;
import dev.perimeter.proxy.overload.HeapWatch;
import dev.perimeter.proxy.overload.Overload;
import dev.perimeter.proxy.runtime.LocalCluster;
import dev.perimeter.proxy.runtime.RuntimeSnapshot;
import dev.perimeter.proxy.runtime.SnapshotCompiler;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.HttpManagerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.tls.ShownCertificates;
import dev.perimeter.proxy.tls.context.Certificates;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data plane of one process: give it snapshots, it serves by the last one. Changes come from one control thread;
 * everything else may be asked on any thread.
 */
public final class DataPlane implements AutoCloseable {

    /** Within this time a connection comes if any comes at all. */
    private static final long QUIET_MILLIS = 200;

    private final LogWriter log;
    private final Workers workers;
    private final Metrics metrics;
    private final Listeners listeners;
    private final SingleHealthThread healthThread;
    private final HealthWatch health;
    private final Certificates certificates;
    private final Overload overload;
    private final HeapWatch watch;
    private final LocalCluster local;
    private final NameService names;
    private volatile boolean draining;
    private volatile RuntimeSnapshot runtime = RuntimeSnapshot.empty();
    /** What comes next, as far as its health is looked at already. */
    private @Nullable RuntimeSnapshot warming;

    private DataPlane(DataPlaneOptions options) {
        log = new LogWriter(options.accessLog());
        overload = new Overload(options.overload());
        workers = new Workers(options, log, this::entrance, overload);
        metrics = new Metrics(options.loops());
        metrics.process("envoy_access_log_dropped_total", log::droppedLines);
        listeners = new Listeners(workers, metrics);
        healthThread = new SingleHealthThread(options.clock());
        local = new LocalCluster(options.place());
        health = new HealthWatch(
                healthThread,
                new SocketProber(workers.lanes()),
                new SplittableRandom(options.seed()),
                metrics,
                local.name());
        names = new NameService(new SplittableRandom(options.seed()), this::namesChanged);
        metrics.process("envoy_dns_cares_resolve_total", names.counts()::total);
        metrics.process("envoy_dns_cares_get_addr_failure_total", names.counts()::failures);
        metrics.process("envoy_dns_cares_not_found_total", names.counts()::notFound);
        certificates = new Certificates(workers.tls());
        metrics.process("envoy_overload_refused_requests_total", overload::refusedRequests);
        metrics.process("envoy_overload_refused_connections_total", overload::refusedConnections);
        metrics.process("envoy_overload_heap_pressure_percent", () -> Math.round(overload.heapPressure() * 100));
        metrics.process(
                "envoy_overload_envoy_overload_actions_reset_high_memory_stream_count_total", overload::resetStreams);
        watch = HeapWatch.start(overload, workers::bufferedBytes, listeners::accepting, workers::resetStreams);
    }

    /** Starts the event loops; nothing is listened on before the first snapshot. */
    public static DataPlane start(DataPlaneOptions options) {
        return new DataPlane(options);
    }

    /**
     * Serves by this snapshot from now on: new listeners open, listeners that stay go on with the new config at their next
     * request, the others drain. No request fails because of it.
     *
     * @return a sentence for each thing that could not be done; empty when all is in force. A snapshot that cannot be
     *     understood as a whole changes nothing; an address that is busy stops only its own listener.
     */
    public synchronized CompletableFuture<List<String>> apply(Snapshot snapshot) {
        RuntimeSnapshot before = warming == null ? runtime : warming;
        names.keep(named(snapshot));
        SnapshotCompiler.Result compiled = SnapshotCompiler.build(snapshot, before, metrics, local, names::endpoints);
        RuntimeSnapshot next = compiled.runtime();
        if (next == null) {
            return CompletableFuture.completedFuture(compiled.problems());
        }
        runtime = next;
        warming = null;
        List<String> withoutTls = certificates.serve(snapshot);
        local.serve(next);
        CompletableFuture<List<String>> opened = listeners.serve(next);
        workers.keep(Set.copyOf(next.clusters().values()));
        metrics.keepClusters(next.clusters().keySet());
        var ignored = health.serve(next.clusters().values());
        return withoutTls.isEmpty()
                ? opened
                : opened.thenApply(sentences ->
                        Stream.concat(sentences.stream(), withoutTls.stream()).toList());
    }

    /**
     * Looks up the names of a snapshot and checks its endpoints before it is applied, so that it begins with what is known
     * of them; what is in force stays so. A snapshot that cannot be understood has nothing to be checked.
     *
     * @param bound the future completes then at the latest
     * @return completes when each name was looked up, and each endpoint that is actively checked was checked, once
     */
    public CompletableFuture<Void> warm(Snapshot snapshot, Duration bound) {
        long since = System.nanoTime();
        CompletableFuture<Void> found = names.follow(named(snapshot));
        if (found.isDone()) {
            return check(snapshot, bound);
        }
        return found.completeOnTimeout(null, bound.toMillis(), TimeUnit.MILLISECONDS)
                .thenCompose(known -> check(snapshot, bound.minusNanos(System.nanoTime() - since)));
    }

    private synchronized CompletableFuture<Void> check(Snapshot snapshot, Duration bound) {
        if (snapshot.clusters().values().stream()
                .allMatch(cluster -> cluster.health().check() == null)) {
            return CompletableFuture.completedFuture(null);
        }
        RuntimeSnapshot next = SnapshotCompiler.build(snapshot, runtime, metrics, local, names::endpoints)
                .runtime();
        if (next == null) {
            return CompletableFuture.completedFuture(null);
        }
        warming = next;
        certificates.warm(snapshot);
        return watch(next).completeOnTimeout(null, Math.max(0, bound.toMillis()), TimeUnit.MILLISECONDS);
    }

    /** Watches what is in force and what comes next. */
    private CompletableFuture<Void> watch(RuntimeSnapshot next) {
        List<Cluster> live = new ArrayList<>(runtime.clusters().values());
        live.addAll(next.clusters().values());
        return health.serve(live);
    }

    /** The same configuration, as its names have other addresses now. On the thread of the names. */
    private synchronized void namesChanged() {
        if (draining) {
            return;
        }
        RuntimeSnapshot next = SnapshotCompiler.build(runtime.snapshot(), runtime, metrics, local, names::endpoints)
                .runtime();
        if (next == null) {
            return;
        }
        runtime = next;
        local.serve(next);
        var opened = listeners.serve(next);
        workers.keep(Set.copyOf(next.clusters().values()));
        var checked = watch(warming == null ? next : warming);
    }

    private static Set<NamedEndpoints> named(Snapshot snapshot) {
        Set<NamedEndpoints> named = new HashSet<>();
        for (ClusterConfig cluster : snapshot.clusters().values()) {
            if (cluster.endpoints() instanceof EndpointSource.ByName(NamedEndpoints endpoints)) {
                named.add(endpoints);
            }
        }
        return named;
    }

    /** The snapshot in force. */
    public Snapshot current() {
        return runtime.snapshot();
    }

    /**
     * Tells clients on the next reply that it is the last, stops to accept once nobody comes any more or half of {@code
     * grace} is over, and closes what is left at its end. Who is told to go elsewhere needs a moment to do so; a listener
     * that closed at once would refuse those who do not know yet.
     * The future completes when no connection is open any more.
     */
    public CompletableFuture<Void> drain(Duration grace) {
        draining = true;
        overload.endConnections(true);
        CompletableFuture<@Nullable Void> quiet = new CompletableFuture<>();
        Duration half = grace.dividedBy(2);
        long step = Math.min(QUIET_MILLIS, half.toMillis());
        untilNobodyComes(quiet, listeners.accepted(), System.nanoTime() + half.toNanos(), step);
        return quiet.thenCompose(nobody -> listeners.drainAll(half));
    }

    private void untilNobodyComes(CompletableFuture<@Nullable Void> quiet, long before, long longest, long step) {
        workers.any()
                .schedule(
                        () -> {
                            long now = listeners.accepted();
                            if (now == before || System.nanoTime() >= longest) {
                                quiet.complete(null);
                            } else {
                                untilNobodyComes(quiet, now, longest, step);
                            }
                        },
                        step,
                        TimeUnit.MILLISECONDS);
    }

    /** Ends everything at once; call {@link #drain} before to end well. */
    @Override
    public void close() {
        draining = true;
        names.close();
        healthThread.close();
        certificates.close();
        watch.close();
        listeners.closeAll();
        workers.flushLogs();
        workers.close();
        log.close();
    }

    /** How hard pressed this data plane is. */
    public Overload overload() {
        return overload;
    }

    /** Bytes of the buffers outside the heap that hold something now, on their way from one side to the other. */
    public long bufferedBytes() {
        return workers.bufferedBytes();
    }

    public Metrics metrics() {
        return metrics;
    }

    /** Of each TLS context in force. */
    public List<ShownCertificates> certificates() {
        return workers.tls().shown();
    }

    public List<ListenerView> listeners() {
        return listeners.views();
    }

    public List<ClusterView> clusters() {
        return runtime.clusters().values().stream()
                .sorted(Comparator.comparing(cluster -> cluster.name()))
                .map(cluster ->
                        new ClusterView(cluster.config(), cluster.hosts().all(), cluster.load()))
                .toList();
    }

    private @Nullable ChannelHandler entrance(String listener) {
        return listeners.entrance(listener);
    }

    /** How long connections of a filter chain that is gone may live on. */
    static Duration drainTime(FilterChainConfig chain) {
        return chain.handling() instanceof HttpManagerConfig http
                ? http.timeouts().drain()
                : HttpManagerConfig.HttpTimeouts.DEFAULTS.drain();
    }
}
