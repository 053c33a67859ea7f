package dev.perimeter.proxy.listen;

import dev.perimeter.proxy.observe.metric.Metrics;
import dev.perimeter.proxy.runtime.InternalListeners;
import dev.perimeter.proxy.runtime.ListenerRuntime;
import dev.perimeter.proxy.runtime.RuntimeSnapshot;
import dev.perimeter.proxy.snapshot.ListenerConfig;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of a data plane, by address: a listener that only changes its name or what it does keeps its sockets, so
 * that no connection is refused meanwhile. Changed by the control thread alone.
 */
final class Listeners implements InternalListeners {

    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    /** Port 0 means a port of its own for each name, and so does no port at all. */
    private record Place(InetSocketAddress address, String name) {
        static Place of(ListenerConfig config) {
            return new Place(config.address(), config.address().getPort() == 0 ? config.name() : "");
        }
    }

    private final Workers workers;
    private final Metrics metrics;
    private final AtomicLong connectionNumbers = new AtomicLong();
    private final Map<Place, Listener> entries = new HashMap<>();
    private final Map<String, Listener> internal = new ConcurrentHashMap<>();

    Listeners(Workers workers, Metrics metrics) {
        this.workers = workers;
        this.metrics = metrics;
    }

    /** Opens before it closes. The future brings a sentence for each address that could not be listened on. */
    synchronized CompletableFuture<List<String>> serve(RuntimeSnapshot runtime) {
        List<CompletableFuture<@Nullable String>> opening = new ArrayList<>();
        Set<Place> wanted = new HashSet<>();
        Set<String> inside = new HashSet<>();
        for (ListenerConfig config : runtime.snapshot().listeners().values()) {
            ListenerRuntime next = runtime.listener(config.name());
            if (next == null) {
                throw new IllegalStateException("a runtime without listener " + config.name());
            }
            Place place = Place.of(config);
            wanted.add(place);
            Listener listener = entries.get(place);
            if (listener == null) {
                listener = new Listener(workers.any(), next, metrics.listener(config.name()));
                entries.put(place, listener);
            } else {
                listener.serve(next);
            }
            if (config.sockets().internal()) {
                inside.add(config.name());
                internal.put(config.name(), listener);
            } else {
                bind(place, listener, config, opening);
            }
        }
        internal.keySet().retainAll(inside);
        entries.entrySet().removeIf(entry -> !wanted.contains(entry.getKey()) && retire(entry.getValue()));
        metrics.keepListeners(runtime.snapshot().listeners().keySet());
        return CompletableFuture.allOf(opening.toArray(CompletableFuture[]::new))
                .thenApply(all -> opening.stream()
                        .map(CompletableFuture::join)
                        .filter(sentence -> sentence != null)
                        .toList());
    }

    /** Listens on what is new and no longer on what is gone. */
    private void bind(
            Place place, Listener listener, ListenerConfig config, List<CompletableFuture<@Nullable String>> opening) {
        Set<InetSocketAddress> gone = new HashSet<>(listener.boundAddresses());
        for (InetSocketAddress address : config.sockets().addresses()) {
            if (!gone.remove(address)) {
                opening.add(open(place, listener, config, address));
            }
        }
        gone.forEach(listener::unbind);
    }

    private CompletableFuture<@Nullable String> open(
            Place place, Listener listener, ListenerConfig config, InetSocketAddress address) {
        CompletableFuture<@Nullable String> outcome = new CompletableFuture<>();
        ConnectionSetup setup = new ConnectionSetup(new ChainSetup(listener, workers, connectionNumbers));
        var binding = workers.server(setup, config.sockets().backlog()).bind(address);
        binding.addListener(done -> {
            if (done.isSuccess()) {
                listener.bound(address, binding.channel());
                LOG.info(
                        "listener '{}' accepts connections on {}",
                        config.name(),
                        binding.channel().localAddress());
                outcome.complete(null);
                return;
            }
            if (address.equals(config.address())) {
                forget(place, listener);
            }
            String why = done.cause().getMessage();
            outcome.complete("listener '" + config.name() + "': cannot listen on " + address + ": " + why);
        });
        return outcome;
    }

    private synchronized void forget(Place place, Listener listener) {
        if (entries.get(place) == listener) {
            entries.remove(place);
            listener.closeAll();
        }
    }

    private static boolean retire(Listener listener) {
        ListenerConfig config = listener.runtime().config();
        LOG.info("listener '{}' on {} drains", config.name(), listener.address());
        Duration grace = config.allChains()
                .map(DataPlane::drainTime)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        var ignored = listener.drain(grace);
        return true;
    }

    @Override
    public @Nullable ChannelHandler entrance(String name) {
        Listener listener = internal.get(name);
        return listener == null ? null : new Arrival(new ChainSetup(listener, workers, connectionNumbers), true);
    }

    synchronized CompletableFuture<Void> drainAll(Duration grace) {
        return CompletableFuture.allOf(
                entries.values().stream().map(listener -> listener.drain(grace)).toArray(CompletableFuture[]::new));
    }

    /** Whether connections are taken from the queues of the listeners. */
    synchronized void accepting(boolean on) {
        entries.values().forEach(listener -> listener.accepting(on));
    }

    /** Connections that have come so far. */
    synchronized long accepted() {
        return entries.values().stream().mapToLong(Listener::accepted).sum();
    }

    synchronized void closeAll() {
        entries.values().forEach(Listener::closeAll);
    }

    synchronized List<ListenerView> views() {
        return entries.values().stream()
                .map(listener -> new ListenerView(
                        listener.runtime().config().name(), listener.address(), listener.connections()))
                .sorted(Comparator.comparing(ListenerView::name))
                .toList();
    }
}
