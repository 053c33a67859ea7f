package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.observe.metric.Cells;
import dev.perimeter.proxy.observe.metric.LimitMetric;
import dev.perimeter.proxy.observe.metric.Scope;
import dev.perimeter.proxy.runtime.ChainRuntime;
import dev.perimeter.proxy.runtime.HttpRuntime;
import dev.perimeter.proxy.snapshot.ConnectionLimit;
import dev.perimeter.proxy.snapshot.FilterChainConfig;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A filter chain with the connections it took. What is done with their next requests may change at any time. */
final class LiveChain {

    /** How long idle connections may still bring a request after their end was announced. */
    private static final Duration QUIET = Duration.ofMillis(500);

    private final EventLoop timers;
    private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private volatile ChainRuntime runtime;
    private volatile @Nullable HttpRuntime http;
    private volatile boolean draining;

    LiveChain(EventLoop timers, ChainRuntime runtime) {
        this.timers = timers;
        this.runtime = runtime;
        serve(runtime);
    }

    /** New connections are served like this from now on, and the next requests of open HTTP connections. */
    void serve(ChainRuntime next) {
        runtime = next;
        if (next.manager() instanceof HttpRuntime nextHttp) {
            http = nextHttp;
        }
    }

    ChainRuntime runtime() {
        return runtime;
    }

    /**
     * Whether the limit of connections has a place for one more, which is given back when it closes.
     *
     * @param loop number of the connection's loop
     */
    boolean admits(Channel channel, int loop) {
        ChainRuntime now = runtime;
        ConnectionLimit limit = now.config().limit();
        Scope<LimitMetric> scope = now.limited();
        if (limit == null || scope == null) {
            return true;
        }
        Cells<LimitMetric> cells = scope.on(loop);
        if (admitted.incrementAndGet() > limit.most()) {
            admitted.decrementAndGet();
            cells.increment(LimitMetric.LIMITED);
            return false;
        }
        cells.add(LimitMetric.ACTIVE, 1);
        channel.closeFuture().addListener(closed -> {
            admitted.decrementAndGet();
            cells.add(LimitMetric.ACTIVE, -1);
        });
        return true;
    }

    /** For connections that began as HTTP. */
    HttpRuntime http() {
        return Objects.requireNonNull(http, "never was an HTTP chain");
    }

    /** Whether those who are connected need not notice that this chain becomes {@code next}. */
    boolean becomes(ChainRuntime next) {
        FilterChainConfig mine = runtime.config();
        FilterChainConfig other = next.config();
        if (mine.same(other)) {
            return true;
        }
        // An HTTP connection takes each request by the config of its time; what it came in cannot change any more.
        return runtime.manager() instanceof HttpRuntime
                && next.manager() instanceof HttpRuntime
                && mine.name().equals(other.name())
                && (!mine.name().isEmpty() || mine.match().equals(other.match()))
                && mine.transport().equals(other.transport());
    }

    /** Called on the connection's event loop. */
    void opened(OpenConnection connection) {
        open.add(connection);
        connection.channel().closeFuture().addListener(closed -> {
            open.remove(connection);
            settle();
        });
        if (draining) {
            connection.announceEnd();
            connection.endWhenIdle();
        }
    }

    /** Lets what is under way end within {@code grace}, then closes the rest. */
    CompletableFuture<Void> drain(Duration grace) {
        draining = true;
        open.forEach(OpenConnection::announceEnd);
        long quiet = Math.min(QUIET.toMillis(), grace.toMillis() / 2);
        timers.schedule(() -> open.forEach(OpenConnection::endWhenIdle), quiet, TimeUnit.MILLISECONDS);
        timers.schedule(this::closeAll, grace.toMillis(), TimeUnit.MILLISECONDS);
        settle();
        return drained;
    }

    private void settle() {
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }

    void closeAll() {
        open.forEach(connection -> connection.channel().close());
        drained.complete(null);
    }
}
