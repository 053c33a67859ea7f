package dev.perimeter.controlplane.discovery;

import dev.perimeter.controlplane.model.MeshConfig;
import dev.perimeter.controlplane.translate.Translator;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * All connected proxies, kept up to one world.
 *
 * <p>Everything about streams happens on one thread, gRPC's callbacks included, so nothing in this package needs a
 * lock. It never waits: sending only hands bytes to Netty, and only while the proxy's connection takes them, so a slow
 * proxy holds up nobody and finds all it missed gathered into one response.
 */
public final class Discovery implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("discovery").factory());
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final AtomicReference<Translator> newest = new AtomicReference<>();
    private Translator world = new Translator(MeshConfig.EMPTY);

    /** Brings every proxy to a new world. Worlds that come faster than they can be sent are left out. Any thread. */
    public void publish(Translator next) {
        if (newest.getAndSet(next) == null) {
            thread.execute(this::takeOver);
        }
    }

    private void takeOver() {
        Translator next = newest.getAndSet(null);
        if (next != null) {
            world = next;
            // One task each, so that answers of the first proxies are heard before the last one got the change.
            connections.forEach(connection -> thread.execute(() -> connection.follow(world)));
        }
    }

    /** Every connected proxy, in the order they came. Any thread; waits for the discovery thread. */
    public List<ProxyView> proxies() {
        return CompletableFuture.supplyAsync(this::views, thread).join();
    }

    private List<ProxyView> views() {
        List<ProxyView> views = new ArrayList<>();
        connections.forEach(connection -> connection.view().ifPresent(views::add));
        return views;
    }

    /** What gRPC is to run its callbacks on. */
    ExecutorService thread() {
        return thread;
    }

    /** The world to serve. Discovery thread only. */
    Translator world() {
        return world;
    }

    void opened(Connection connection) {
        connections.add(connection);
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    /** Ends every stream in a way that makes proxies come back to whoever serves next. Any thread. */
    void endStreams() {
        thread.execute(() -> List.copyOf(connections).forEach(Connection::end));
    }

    /** Returns once everything that was to be done up to now is done. Any thread but the discovery thread. */
    void drain() {
        CompletableFuture.runAsync(() -> {}, thread).join();
    }

    /** Ends the thread, after the server was closed. */
    @Override
    public void close() {
        thread.shutdown();
    }
}
