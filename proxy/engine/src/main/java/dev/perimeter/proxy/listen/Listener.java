package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.runtime.ConnectionRuntime;
import dev.perimeter.proxy.runtime.HttpRuntime;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One address that is listened on, with the connections it accepted. What is done with them may change at any time. */
final class Listener {

    /** How long idle connections may still bring a request after their end was announced. */
    private static final Duration QUIET = Duration.ofMillis(500);

    private final InetSocketAddress configured;
    private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile ConnectionRuntime manager;
    private volatile @Nullable HttpRuntime http;
    private volatile @Nullable Channel server;
    private volatile boolean draining;

    Listener(InetSocketAddress configured, ConnectionRuntime manager) {
        this.configured = configured;
        this.manager = manager;
        serve(manager);
    }

    /** New connections are served like this from now on, and the next requests of open HTTP connections. */
    void serve(ConnectionRuntime next) {
        manager = next;
        if (next instanceof HttpRuntime nextHttp) {
            http = nextHttp;
        }
    }

    ConnectionRuntime manager() {
        return manager;
    }

    /** For connections that began as HTTP; the last one known should the listener have become something else. */
    HttpRuntime http() {
        return java.util.Objects.requireNonNull(http, "never was an HTTP listener");
    }

    void bound(Channel channel) {
        server = channel;
    }

    /** Where it listens; differs from the configured address when that had port 0. */
    InetSocketAddress address() {
        Channel bound = server;
        return bound != null && bound.localAddress() instanceof InetSocketAddress address ? address : configured;
    }

    int connections() {
        return open.size();
    }

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

    /** Stops to accept, lets what is under way end within {@code grace}, then closes the rest. */
    CompletableFuture<Void> drain(Duration grace) {
        Channel bound = server;
        draining = true;
        open.forEach(OpenConnection::announceEnd);
        if (bound == null) {
            drained.complete(null);
            return drained;
        }
        bound.close().addListener(closed -> {
            long quiet = Math.min(QUIET.toMillis(), grace.toMillis() / 2);
            bound.eventLoop().schedule(() -> open.forEach(OpenConnection::endWhenIdle), quiet, TimeUnit.MILLISECONDS);
            bound.eventLoop().schedule(this::closeAll, grace.toMillis(), TimeUnit.MILLISECONDS);
            settle();
        });
        return drained;
    }

    private void settle() {
        if (draining && open.isEmpty()) {
            drained.complete(null);
        }
    }

    void closeAll() {
        Channel bound = server;
        if (bound != null) {
            bound.close();
        }
        open.forEach(connection -> connection.channel().close());
        drained.complete(null);
    }
}
