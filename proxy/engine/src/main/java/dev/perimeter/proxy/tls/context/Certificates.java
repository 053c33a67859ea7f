package dev.perimeter.proxy.tls.context;

import dev.perimeter.proxy.cluster.ClusterConfig;
import dev.perimeter.proxy.snapshot.DownstreamTransport;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import dev.perimeter.proxy.snapshot.Snapshot;
import dev.perimeter.proxy.tls.DownstreamTls;
import dev.perimeter.proxy.tls.UpstreamTls;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the contexts of a data plane in step with its snapshot, and with the files that hold certificates: those are read
 * again every few seconds by a thread of their own, which is there as long as something uses TLS.
 */
public final class Certificates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

    /** Content is compared, so a file may be replaced or overwritten. */
    private static final long REREAD_MILLIS = 2_000;

    private final TlsContexts contexts;
    private @Nullable ScheduledExecutorService rereading;
    private Set<String> told = Set.of();

    public Certificates(TlsContexts contexts) {
        this.contexts = contexts;
    }

    /** @return a sentence for each context that could not be built; it is tried again */
    public synchronized List<String> serve(Snapshot snapshot) {
        Set<DownstreamTls> down = new HashSet<>();
        for (ListenerConfig listener : snapshot.listeners().values()) {
            listener.allChains().map(FilterChainConfig::transport).forEach(transport -> {
                if (transport instanceof DownstreamTransport.Tls(DownstreamTls config)) {
                    down.add(config);
                }
            });
        }
        Set<UpstreamTls> up = upstreams(snapshot);
        if (rereading == null && !(down.isEmpty() && up.isEmpty())) {
            rereading = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("certificates").factory());
            rereading.scheduleWithFixedDelay(this::reread, REREAD_MILLIS, REREAD_MILLIS, TimeUnit.MILLISECONDS);
        }
        List<String> problems = contexts.serve(down, up, snapshot.secrets());
        told = Set.copyOf(problems);
        return problems;
    }

    private static Set<UpstreamTls> upstreams(Snapshot snapshot) {
        Set<UpstreamTls> up = new HashSet<>();
        for (ClusterConfig cluster : snapshot.clusters().values()) {
            cluster.transport().everyTls().forEach(up::add);
        }
        return up;
    }

    /** So that the endpoints of a snapshot can be checked before it is in force. */
    public synchronized void warm(Snapshot coming) {
        contexts.warm(upstreams(coming), coming.secrets());
    }

    private synchronized void reread() {
        List<String> problems = contexts.build();
        for (String problem : problems) {
            if (!told.contains(problem)) {
                LOG.warn("certificates stay as they were: {}", problem);
            }
        }
        told = Set.copyOf(problems);
    }

    @Override
    public synchronized void close() {
        if (rereading != null) {
            rereading.shutdownNow();
        }
    }
}
