package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.accept.ChainIndex;
import dev.perimeter.proxy.accept.ConnectionFacts;
import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.ListenerMetric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.runtime.ChainRuntime;
import dev.perimeter.proxy.runtime.ListenerRuntime;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One listener with its sockets, its filter chains and the connections that have found none yet. Changed by the control
 * thread alone; asked on event loops.
 */
final class Listener {

    private record Serving(
            ListenerRuntime runtime,
            List<LiveChain> chains,
            @Nullable LiveChain defaultChain) {}

    private final EventLoop timers;
    private final Scope<ListenerMetric> metrics;
    private final Map<InetSocketAddress, Channel> servers = new ConcurrentHashMap<>();
    private final Set<Channel> arriving = ConcurrentHashMap.newKeySet();
    private final Set<LiveChain> retired = ConcurrentHashMap.newKeySet();
    private volatile Serving serving;

    Listener(EventLoop timers, ListenerRuntime runtime, Scope<ListenerMetric> metrics) {
        this.timers = timers;
        this.metrics = metrics;
        serving = serving(runtime, new ArrayList<>());
    }

    /** Chains that are gone or have changed drain; the connections of the others do not notice. */
    void serve(ListenerRuntime next) {
        Serving before = serving;
        List<LiveChain> left = new ArrayList<>(before.chains());
        if (before.defaultChain() != null) {
            left.add(before.defaultChain());
        }
        serving = serving(next, left);
        for (LiveChain chain : left) {
            retired.add(chain);
            chain.drain(DataPlane.drainTime(chain.runtime().config()))
                    .whenComplete((done, failed) -> retired.remove(chain));
        }
    }

    /** @param left chains there were; those that go on are taken out */
    private Serving serving(ListenerRuntime next, List<LiveChain> left) {
        List<LiveChain> chains = new ArrayList<>();
        // Those that are the very same come first, so that none of them is taken for another.
        for (ChainRuntime chain : next.chains()) {
            chains.add(take(left, old -> old.runtime().config().same(chain.config())));
        }
        for (int i = 0; i < chains.size(); i++) {
            chains.set(i, goOn(chains.get(i), left, next.chains().get(i)));
        }
        ChainRuntime others = next.defaultChain();
        return new Serving(next, List.copyOf(chains), others == null ? null : goOn(null, left, others));
    }

    private LiveChain goOn(@Nullable LiveChain same, List<LiveChain> left, ChainRuntime next) {
        LiveChain old = same == null ? take(left, candidate -> candidate.becomes(next)) : same;
        if (old == null) {
            return new LiveChain(timers, next);
        }
        old.serve(next);
        return old;
    }

    private static @Nullable LiveChain take(List<LiveChain> from, Predicate<LiveChain> wanted) {
        for (LiveChain chain : from) {
            if (wanted.test(chain)) {
                from.remove(chain);
                return chain;
            }
        }
        return null;
    }

    ListenerRuntime runtime() {
        return serving.runtime();
    }

    /** The chain for a connection, or null when none takes it. */
    @Nullable
    LiveChain chain(ConnectionFacts facts) {
        Serving now = serving;
        int found = now.runtime().index().find(facts);
        return found == ChainIndex.NONE ? now.defaultChain() : now.chains().get(found);
    }

    Cells<ListenerMetric> metrics(int loop) {
        return metrics.on(loop);
    }

    /** A connection came. Called on its event loop. */
    void accepted(Channel channel, int loop) {
        Cells<ListenerMetric> cells = metrics.on(loop);
        cells.increment(ListenerMetric.CONNECTIONS);
        cells.add(ListenerMetric.CONNECTIONS_ACTIVE, 1);
        channel.closeFuture().addListener(closed -> cells.add(ListenerMetric.CONNECTIONS_ACTIVE, -1));
    }

    /** It waits for its filter chain. */
    void arriving(Channel channel) {
        arriving.add(channel);
        channel.closeFuture().addListener(closed -> arriving.remove(channel));
    }

    void arrived(Channel channel) {
        arriving.remove(channel);
    }

    void bound(InetSocketAddress configured, Channel channel) {
        servers.put(configured, channel);
    }

    Set<InetSocketAddress> boundAddresses() {
        return Set.copyOf(servers.keySet());
    }

    void unbind(InetSocketAddress configured) {
        Channel server = servers.remove(configured);
        if (server != null) {
            server.close();
        }
    }

    /** Where it listens; differs from the configured address when that had port 0. */
    InetSocketAddress address() {
        InetSocketAddress configured = runtime().config().address();
        Channel server = servers.get(configured);
        return server != null && server.localAddress() instanceof InetSocketAddress address ? address : configured;
    }

    /** Connections that have come so far. */
    long accepted() {
        return metrics.total(ListenerMetric.CONNECTIONS);
    }

    int connections() {
        return (int) metrics.total(ListenerMetric.CONNECTIONS_ACTIVE);
    }

    /** Whether connections are taken from the queue; those that are not wait there. */
    void accepting(boolean on) {
        servers.values().forEach(server -> server.config().setAutoRead(on));
    }

    /** Stops to accept, lets what is under way end within {@code grace}, then closes the rest. */
    CompletableFuture<Void> drain(Duration grace) {
        List<CompletableFuture<?>> ends = new ArrayList<>();
        // First of all, so that every reply from now on says that it is the last.
        chains().forEach(chain -> ends.add(chain.drain(grace)));
        for (Channel server : servers.values()) {
            CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
            server.close().addListener(done -> closed.complete(null));
            ends.add(closed);
        }
        return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
    }

    private List<LiveChain> chains() {
        Serving now = serving;
        List<LiveChain> all = new ArrayList<>(now.chains());
        if (now.defaultChain() != null) {
            all.add(now.defaultChain());
        }
        all.addAll(retired);
        return all;
    }

    void closeAll() {
        servers.values().forEach(Channel::close);
        arriving.forEach(Channel::close);
        chains().forEach(LiveChain::closeAll);
    }
}
